//! HTTP/2 connections that the transport opens once for many calls, and replaces before their server ends them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use courier_core::transport::{Retry, TransportBuilder, TransportErrorKind};
use courier_core::{Result, Text, Transport, endpoint};
use futures_util::future::join_all;
use tokio::net::TcpListener;
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;

use super::server::{Connection, Listener};
use super::{NO_ERROR, client, transport_error};
use crate::flow::key_search;
use crate::flow::transport::tls::server::{Authority, HOST};
use crate::under_test::Network;

trait Texts: Transport {
    #[endpoint(GET, "/text", ok = 200)]
    async fn text(&self) -> Result<Text>;
}

impl<T: Transport> Texts for T {}

/// How long a handshake takes, as over a network.
const HANDSHAKE: Duration = Duration::from_millis(100);

/// Serves over TLS with these protocols, and counts handshakes.
async fn counting(authority: &Authority, protocols: &[&[u8]]) -> (Network, Arc<AtomicUsize>) {
    let (builder, handshakes) = counting_with(authority, protocols, |_| std::future::ready(())).await;
    (builder.build().expect("a transport"), handshakes)
}

/// The same, but the handshake of each connection begins after this, which is given its number.
async fn counting_with<F>(
    authority: &Authority,
    protocols: &[&[u8]],
    before: impl Fn(usize) -> F + Send + 'static,
) -> (TransportBuilder<Network>, Arc<AtomicUsize>)
where
    F: Future<Output = ()> + Send + 'static,
{
    key_search::begin();
    let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let mut config = authority.server(&[HOST], |_| {});
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let tls = TlsAcceptor::from(Arc::new(config));
    let handshakes = Arc::new(AtomicUsize::new(0));
    tokio::spawn({
        let handshakes = Arc::clone(&handshakes);
        async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let before = before(handshakes.fetch_add(1, Ordering::Relaxed));
                let tls = tls.clone();
                connections.spawn(async move {
                    before.await;
                    sleep(HANDSHAKE).await;
                    let stream = tls.accept(stream).await.expect("a handshake");
                    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                        serve_http2(stream).await;
                    } else {
                        serve_http1(stream).await;
                    }
                });
            }
        }
    });
    (Network::builder(url).root_certificate_pem(authority.pem()), handshakes)
}

async fn serve_http2(stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin) {
    // The client may not need it any more.
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((_, mut respond))) = connection.accept().await {
        let mut body = respond.send_response(http::Response::new(()), false).expect("a stream");
        body.send_data("ok".into(), true).expect("a stream");
    }
}

async fn serve_http1(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    let mut head = Vec::new();
    while stream.read_buf(&mut head).await.is_ok_and(|length| length > 0) {
        if head.ends_with(b"\r\n\r\n") {
            head.clear();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await.ok();
        }
    }
}

async fn all_succeed(transport: &Network, calls: usize) {
    for response in join_all((0..calls).map(|_| transport.text())).await {
        assert_eq!(response.expect("a response").0, "ok");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn calls_that_start_together_open_one_connection() {
    let (transport, handshakes) = counting(&Authority::new("Flow"), &[b"h2", b"http/1.1"]).await;
    let mut calls = JoinSet::new();
    for _ in 0..64 {
        let transport = transport.clone();
        calls.spawn(async move { transport.text().await });
    }
    while let Some(response) = calls.join_next().await {
        assert_eq!(response.expect("no panic").expect("a response").0, "ok");
    }
    // A call that got another one's connection would open its own a quarter of a second later.
    sleep(Duration::from_millis(250) + 10 * HANDSHAKE).await;
    assert_eq!(handshakes.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn calls_that_cannot_share_a_connection_do_not_wait_for_each_other() {
    let (transport, handshakes) = counting(&Authority::new("Flow"), &[b"http/1.1"]).await;
    let start = Instant::now();
    all_succeed(&transport, 16).await;
    assert!((2..=16).contains(&handshakes.load(Ordering::Relaxed)), "{handshakes:?}");
    // One handshake, and then all the others together.
    assert!(start.elapsed() < 10 * HANDSHAKE, "{:?}", start.elapsed());
}

#[tokio::test]
async fn calls_of_a_transport_that_keeps_no_connection_do_not_wait_for_each_other() {
    const CALLS: usize = 4;
    let all = Arc::new(Barrier::new(CALLS));
    let together = move |_| {
        let all = Arc::clone(&all);
        async move {
            all.wait().await;
        }
    };
    let (builder, handshakes) = counting_with(&Authority::new("Flow"), &[b"h2", b"http/1.1"], together).await;
    let transport = builder.pool_max_idle(0).build().expect("a transport");
    let start = Instant::now();
    all_succeed(&transport, CALLS).await;
    assert_eq!(handshakes.load(Ordering::Relaxed), CALLS);
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
}

/// The other calls have most of their time left for connections of their own, which the first one can use, too.
#[tokio::test]
async fn a_connection_that_hangs_fails_no_call_if_the_next_one_works() {
    let silent_first = |number| async move {
        if number == 0 {
            std::future::pending::<()>().await;
        }
    };
    let (builder, _) = counting_with(&Authority::new("Flow"), &[b"h2", b"http/1.1"], silent_first).await;
    let transport = builder.connect_timeout(Duration::from_millis(800)).build().expect("a transport");
    all_succeed(&transport, 4).await;
}

/// Responds to this many requests on a new connection.
async fn serve(listener: &Listener, requests: u32) -> Connection {
    let mut connection = listener.accept().await;
    for _ in 0..requests {
        let stream = connection.request().await;
        connection.respond(stream, "ok").await;
    }
    connection
}

/// Responds to this many calls, one after the other, over as many new connections as there are numbers: each gets so many.
async fn calls_use(transport: &Network, listener: &Listener, connections: &[u32]) {
    let all = async {
        for _ in 0..connections.iter().sum() {
            transport.text().await.expect("a response");
        }
    };
    let server = async {
        let mut open = Vec::new();
        for &requests in connections {
            open.push(serve(listener, requests).await);
        }
        open
    };
    tokio::join!(all, server);
}

/// Makes this many calls, and after a pause one more, with which the server ends the connection.
async fn lose_a_connection(transport: &Network, listener: &Listener, requests: u32, pause: Duration) {
    let calls = async {
        for _ in 0..requests {
            transport.text().await.expect("a response");
        }
        sleep(pause).await;
        transport_error(transport.text().await)
    };
    let (error, _connection) = tokio::join!(calls, serve_up_to(listener, requests));
    assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error}");
}

/// Responds to this many requests, and ends the connection as soon as there is another.
async fn serve_up_to(listener: &Listener, requests: u32) -> Connection {
    let mut connection = serve(listener, requests).await;
    connection.request().await;
    connection.go_away(2 * requests - 1, NO_ERROR, b"").await;
    connection
}

#[tokio::test]
async fn a_connection_is_replaced_before_the_limit_that_its_server_has_shown_twice() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    for _ in 0..2 {
        lose_a_connection(&transport, &listener, 12, Duration::ZERO).await;
    }
    calls_use(&transport, &listener, &[12, 3]).await;
}

/// nginx ends a connection after 1,000 requests.
#[tokio::test]
async fn a_round_number_of_requests_is_a_limit_at_once() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    lose_a_connection(&transport, &listener, 100, Duration::ZERO).await;
    calls_use(&transport, &listener, &[100, 1]).await;
}

#[tokio::test]
async fn calls_whose_working_connection_the_server_ends_are_retried_at_once() {
    let listener = Listener::bind().await;
    let retry = Retry::new(client(&listener));
    let calls = async {
        retry.text().await.expect("a response");
        let start = Instant::now();
        for response in join_all((0..150).map(|_| retry.text().with_response())).await {
            assert_eq!(response.expect("a response").attempts, 2);
        }
        // The first wait would be at least half a second, and the budget has a hundred tokens.
        assert!(start.elapsed() < Duration::from_millis(450), "{:?}", start.elapsed());
    };
    let server = async {
        let _ended = {
            let mut connection = serve(&listener, 1).await;
            // All of them fit: h2 assumes that a server allows a hundred until it says otherwise.
            for _ in 0..100 {
                connection.request().await;
            }
            connection.go_away(1, NO_ERROR, b"").await;
            connection
        };
        serve(&listener, 150).await
    };
    tokio::join!(calls, server);
}

#[tokio::test]
async fn connections_that_end_after_different_numbers_of_requests_show_no_limit() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    for requests in [12, 15, 12] {
        lose_a_connection(&transport, &listener, requests, Duration::ZERO).await;
    }
    calls_use(&transport, &listener, &[20]).await;
}

/// Otherwise, a server that was restarted twice would cost a handshake for every few calls from then on.
#[tokio::test]
async fn connections_that_end_after_a_few_requests_show_no_limit() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    for _ in 0..2 {
        lose_a_connection(&transport, &listener, 1, Duration::ZERO).await;
    }
    calls_use(&transport, &listener, &[5]).await;
}

#[tokio::test]
async fn connections_that_end_after_a_pause_show_no_limit() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    // The second pause is shorter, so that the connection isn't closed before.
    for pause in [1500, 700] {
        lose_a_connection(&transport, &listener, 12, Duration::from_millis(pause)).await;
    }
    calls_use(&transport, &listener, &[15]).await;
}

#[tokio::test]
async fn a_pause_after_which_a_connection_was_lost_is_not_risked_again() {
    let listener = Listener::bind().await;
    let transport = client(&listener);
    lose_a_connection(&transport, &listener, 1, Duration::from_millis(700)).await;
    let calls = async {
        transport.text().await.expect("a response");
        // The first one may have taken longer.
        sleep(Duration::from_millis(1400)).await;
        transport.text().await.expect("a response");
    };
    let server = async { (serve(&listener, 1).await, serve(&listener, 1).await) };
    tokio::join!(calls, server);
}
