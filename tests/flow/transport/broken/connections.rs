//! Unsolicited bytes, and connections that end while idle: no call gets another call's response.

use std::io::{Read as _, Write as _};

use courier_core::messages::Messages as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{OTHER, assert_own, exchange, record_of, response};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, settle};
use crate::under_test::Network;

/// A response that cancels a message which no call asked about.
fn unsolicited() -> Vec<u8> {
    whole("1-evil")
}

fn whole(id: &str) -> Vec<u8> {
    let record = record_of(id);
    response(&format!("content-length: {}\r\n", record.len()), record)
}

#[tokio::test]
async fn a_second_response_is_never_the_next_calls() {
    let chunked = response("transfer-encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n");
    let empty = b"HTTP/1.1 204 -\r\n\r\n".to_vec();
    let undeclared = b"HTTP/1.1 404 -\r\ncontent-length: 2\r\n\r\n{}".to_vec();
    for first in [whole(ID), chunked, empty, undeclared] {
        for second in [unsolicited(), b"\r\n".to_vec(), b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), vec![0]] {
            let exchange = exchange(Reply::raw([&first[..], &second].concat())).await;
            assert!(!exchange.is_kept, "its connection must not be reused");
        }
    }
}

#[tokio::test]
async fn bytes_after_the_announced_length_are_never_the_next_calls_response() {
    let record = record("CANCELED");
    let exchange = exchange(Reply::raw([whole(ID), unsolicited()].concat())).await;
    assert_eq!(exchange.result.expect("a cancellation").details().id, ID);
    for extra in ["}", "\n", &record] {
        let bytes = response(&format!("content-length: {}\r\n", record.len()), record.clone() + extra);
        let exchange = super::exchange(Reply::raw(bytes)).await;
        assert_eq!(exchange.result.expect("a cancellation").details().id, ID);
        assert!(!exchange.is_kept, "{extra:?}");
    }
}

/// A client, and a listener that the test controls.
async fn connected() -> (Network, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    (Network::builder(base_url).bearer_token(KEY).build().expect("a client"), listener)
}

/// Between two calls, while no request is in flight.
#[tokio::test]
async fn a_response_on_an_idle_connection_is_never_the_next_calls() {
    let (transport, listener) = connected().await;
    let mut request = [0; 1024];
    let first = tokio::spawn({
        let transport = transport.clone();
        async move { assert_own(&transport, ID).await }
    });
    let (mut kept, _) = listener.accept().await.expect("a connection");
    assert_ne!(kept.read(&mut request).await.expect("a request"), 0);
    kept.write_all(&whole(ID)).await.expect("a response");
    first.await.expect("its own response");
    kept.write_all(&unsolicited()).await.expect("an unsolicited response");
    settle().await;

    let second = tokio::spawn(async move { assert_own(&transport, OTHER).await });
    let (mut new, _) = listener.accept().await.expect("another connection");
    assert_ne!(new.read(&mut request).await.expect("a request"), 0);
    new.write_all(&whole(OTHER)).await.expect("a response");
    second.await.expect("its own response");
    // Nor was the kept connection reused.
    let reused = kept.read(&mut request).await;
    assert!(!matches!(reused, Ok(1..)), "{reused:?}");
}

#[tokio::test]
async fn a_connection_closed_or_reset_while_idle_is_not_reused() {
    for end in [Reply::and_close, Reply::and_reset] {
        let replies = [end(Reply::raw(whole(ID))), Reply::raw(whole(OTHER))];
        let mut server = Server::start(replies).await;
        let transport = server.transport();
        assert_own(&transport, ID).await;
        settle().await;
        assert_own(&transport, OTHER).await;
        let connections: Vec<_> = server.received().iter().map(|request| request.connection).collect();
        assert_eq!(connections, [0, 1]);
    }
}

/// If it closes even later, the request goes into the closed connection, and the error says that it may have arrived.
#[tokio::test]
async fn a_connection_that_closes_just_as_it_is_reused_is_replaced_or_reported_as_maybe_arrived() {
    for end in [Reply::and_close, Reply::and_reset] {
        for _ in 0..50 {
            let server = Server::start([end(Reply::raw(whole(ID))), Reply::raw(whole(OTHER))]).await;
            let transport = server.transport();
            assert_own(&transport, ID).await;
            match transport.cancel(OTHER).await {
                Ok(outcome) => assert_eq!(outcome.details().id, OTHER),
                Err(error) => assert!(error.may_have_arrived() && error.status().is_none(), "{error}"),
            }
        }
    }
}

/// Two calls, and between them an event while the runtime's thread is busy and can't poll its sockets.
async fn busy_while(happens: fn(std::net::TcpStream) -> Option<std::net::TcpStream>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    let (go, may_go) = std::sync::mpsc::channel();
    let (done, is_done) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        let mut request = [0; 1024];
        let (mut kept, _) = listener.accept().expect("a connection");
        assert_ne!(kept.read(&mut request).expect("a request"), 0);
        kept.write_all(&whole(ID)).expect("a response");
        may_go.recv().expect("the first call is over");
        let _kept = happens(kept);
        done.send(()).expect("a test");
        let (mut new, _) = listener.accept().expect("another connection");
        assert_ne!(new.read(&mut request).expect("a request"), 0);
        new.write_all(&whole(OTHER)).expect("a response");
    });
    let transport = Network::builder(base_url).bearer_token(KEY).build().expect("a client");
    assert_own(&transport, ID).await;
    go.send(()).expect("a server");
    is_done.recv().expect("a server");
    assert_own(&transport, OTHER).await;
    server.join().expect("no panic");
}

/// It must be noticed before the connection is reused, or it would pass for a response.
#[tokio::test]
async fn a_response_that_arrives_while_the_runtime_is_busy_is_never_the_next_calls() {
    busy_while(|mut kept| {
        kept.write_all(&unsolicited()).expect("an unsolicited response");
        Some(kept)
    })
    .await;
}

/// Otherwise the next call would be lost with it, and might have arrived.
#[tokio::test]
async fn a_connection_that_closes_while_the_runtime_is_busy_is_not_reused() {
    busy_while(|kept| {
        drop(kept);
        None
    })
    .await;
}

/// A worker thread polls its sockets at other times than a current-thread runtime.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_response_that_arrives_while_a_worker_thread_is_busy_is_never_the_next_calls() {
    let on_the_worker = tokio::spawn(busy_while(|mut kept| {
        kept.write_all(&unsolicited()).expect("an unsolicited response");
        Some(kept)
    }));
    on_the_worker.await.expect("its own response");
}
