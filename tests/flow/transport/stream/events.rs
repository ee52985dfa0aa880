//! Server-sent events and lines over a connection.

use std::time::Duration;

use courier_core::transport::TimeLimit;
use courier_core::{Error, Events, Lines, Result, Text, Transport, endpoint};
use futures_util::{FutureExt as _, TryStreamExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, advance, pause, resume};

use super::{Peer, SECOND, transport_error, write};
use crate::flow::server::{Reply, Server, settle};
use crate::under_test::Network;

trait Feeds: Transport {
    #[endpoint(GET, "/feed", ok = 200)]
    async fn feed(&self) -> Result<Events<Text>>;
    #[endpoint(GET, "/rows", ok = 200)]
    async fn rows(&self) -> Result<Lines<u32>>;
}
impl<T: Transport> Feeds for T {}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(bytes: &str) -> String {
    format!("{:x}\r\n{bytes}\r\n", bytes.len())
}

/// A feed whose head has come, and the connection that its body comes over.
async fn feed(peer: &Peer, client: &Network) -> (Events<Text>, TcpStream) {
    let (feed, stream) = tokio::join!(client.feed(), async {
        let mut stream = peer.request().await;
        write(&mut stream, HEAD).await;
        stream
    });
    (feed.expect("a feed"), stream)
}

#[tokio::test]
async fn each_of_five_events_is_returned_when_it_arrives() {
    let peer = Peer::bind().await;
    let client = peer.client();
    let (mut feed, mut stream) = feed(&peer, &client).await;
    for number in 1..=5 {
        assert!(feed.next().now_or_never().is_none(), "event {number} was not sent");
        write(&mut stream, chunk(&format!("id: {number}\ndata: event {number}\n\n"))).await;
        let event = feed.next().await.expect("an event").expect("readable");
        assert_eq!(event.id(), Some(&*number.to_string()));
        assert_eq!(event.data.0, format!("event {number}"));
    }
    write(&mut stream, "0\r\n\r\n").await;
    assert!(feed.next().await.is_none());
}

#[tokio::test]
async fn a_connection_that_ends_within_an_event_is_an_error_after_the_events_before() {
    let cut = HEAD.to_owned() + &chunk("data: 1\n\ndata: 2\n") + "5\r\ndata";
    let server = Server::start([Reply::raw(cut).and_close()]).await;
    let mut feed = server.transport().feed().await.expect("a feed");
    assert_eq!(feed.next().await.expect("an event").expect("readable").data.0, "1");
    let error = feed.next().await.expect("an error").expect_err("it is cut");
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(feed.next().await.is_none());
}

#[tokio::test]
async fn a_comment_restarts_the_idle_timeout_of_events() {
    let peer = Peer::bind().await;
    let client = peer.client();
    let (mut feed, mut stream) = feed(&peer, &client).await;
    settle().await;
    pause();
    // An hour, with a comment every 25 seconds.
    for _ in 0..144 {
        assert!(feed.next().now_or_never().is_none());
        advance(25 * SECOND).await;
        assert!(feed.next().now_or_never().is_none());
        resume();
        write(&mut stream, chunk(": still here\n")).await;
        settle().await;
        pause();
    }
    assert!(feed.next().now_or_never().is_none());
    let start = Instant::now();
    let error = transport_error(feed.next().await.expect("an error"));
    super::assert_timeout(&error, TimeLimit::Idle, 30 * SECOND);
    assert!(start.elapsed() <= 31 * SECOND, "{:?}", start.elapsed());
    resume();
}

/// A client of a chat makes many such calls.
#[tokio::test]
async fn events_that_end_at_the_final_one_leave_their_connection_for_the_next_call() {
    let reply = || Reply::raw(HEAD.to_owned() + &chunk("data: Hello\n\n") + &chunk("data: [DONE]\n\n") + "0\r\n\r\n");
    let mut server = Server::start([reply(), reply()]).await;
    let client = server.transport();
    for connection in [0, 0] {
        let feed = client.feed().await.expect("a feed").until("[DONE]");
        assert_eq!(feed.try_collect::<Vec<_>>().await.expect("readable").len(), 1);
        settle().await;
        assert_eq!(server.request().await.connection, connection);
    }
}

#[tokio::test]
async fn events_that_go_on_after_the_final_one_are_not_waited_for() {
    let endless = HEAD.to_owned() + &chunk("data: [DONE]\n\n");
    let reply = Reply::raw(endless).and_forever(chunk(": more\n"), Duration::from_millis(1));
    let mut server = Server::start([reply]).await;
    let mut feed = server.transport().feed().await.expect("a feed").until("[DONE]");
    assert!(feed.next().await.is_none());
    server.closed().await;
}

#[tokio::test]
async fn lines_are_returned_as_they_arrive_and_a_cut_one_is_an_error() {
    let peer = Peer::bind().await;
    let client = peer.client();
    let (rows, mut stream) = tokio::join!(client.rows(), async {
        let mut stream = peer.request().await;
        write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n").await;
        stream
    });
    let mut rows = rows.expect("rows");
    for number in [1, 2] {
        assert!(rows.next().now_or_never().is_none(), "line {number} was not sent");
        write(&mut stream, format!("{number}\n")).await;
        assert_eq!(rows.next().await.expect("a row").expect("a number"), number);
    }
    write(&mut stream, "34").await;
    drop(stream);
    let error = rows.next().await.expect("an error").expect_err("it isn't 34");
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(rows.next().await.is_none());
}
