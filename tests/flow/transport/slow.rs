//! Servers that never finish: each call ends in time, reports what is known, and leaves nothing behind.

use std::time::Duration;

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::{TimeLimit, TransportErrorKind};
use courier_core::{Call, Result};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance, pause, resume};

use super::transport_error;
use crate::flow::record::ID;
use crate::flow::server::{KEY, Reply, Server, settle};
use crate::under_test::Network;

const SECOND: Duration = Duration::from_secs(1);
const MILLISECOND: Duration = Duration::from_millis(1);

const SIZED: &str = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const GZIP: &str = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
/// The start of a gzip member, up to the file name.
const NAMED: &[u8] = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff";
/// An empty gzip member.
const NOTHING: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x03\0\0\0\0\0\0\0\0\0";

/// What a server repeats forever, and the status known by then.
fn endless() -> Vec<(&'static str, Reply, Option<u16>)> {
    let forever = |start: &str, piece: &[u8], every| Reply::raw(start).and_forever(piece, every);
    let named = Reply::raw([GZIP.as_bytes(), NAMED].concat()).and_forever("x", SECOND);
    vec![
        ("silence", Reply::silence(), None),
        ("a drip from the first byte", Reply::raw(SIZED).drip(SECOND), None),
        ("a drip within the status line", forever("HTTP/1.1 200 ", b"K", SECOND), None),
        ("a drip within a header's name", forever("HTTP/1.1 200 OK\r\nx", b"x", SECOND), None),
        ("a drip within a header's value", forever("HTTP/1.1 200 OK\r\nx: ", b"x", SECOND), None),
        ("a header a second", forever("HTTP/1.1 200 OK\r\n", b"x: 1\r\n", SECOND), None),
        ("a hint a second", forever("", b"HTTP/1.1 103 -\r\nlink: </a>\r\n\r\n", SECOND), None),
        ("a thousand hints a second", forever("", b"HTTP/1.1 100 Continue\r\n\r\n", MILLISECOND), None),
        ("empty lines", forever("", b"\r\n", SECOND), None),
        ("silence after the head", Reply::raw(SIZED), Some(200)),
        ("silence within the body", Reply::raw(format!("{SIZED}{{")), Some(200)),
        ("a drip of the body", forever(SIZED, b" ", SECOND), Some(200)),
        ("an endless body", forever("HTTP/1.1 200 OK\r\n\r\n", b" ", SECOND), Some(200)),
        ("a chunk a second", forever(CHUNKED, b"1\r\n \r\n", SECOND), Some(200)),
        ("a thousand chunks a second", forever(CHUNKED, b"1\r\n \r\n", MILLISECOND), Some(200)),
        ("an endless chunk size", forever(CHUNKED, b"0", SECOND), Some(200)),
        ("an endless chunk extension", forever(&format!("{CHUNKED}1;"), b"x", SECOND), Some(200)),
        ("a chunk's missing line end", Reply::raw(format!("{CHUNKED}1\r\n ")), Some(200)),
        ("a trailer a second", forever(&format!("{CHUNKED}1\r\n \r\n0\r\n"), b"x: 1\r\n", SECOND), Some(200)),
        ("a missing last line end", Reply::raw(format!("{CHUNKED}2\r\n{{}}\r\n0\r\n")), Some(200)),
        ("endless empty gzip members", forever(GZIP, NOTHING, MILLISECOND), Some(200)),
        ("an endless gzip file name", named, Some(200)),
        ("the body of an error", Reply::raw("HTTP/1.1 500 -\r\n\r\n").and_forever(" ", SECOND), Some(500)),
        ("the body of a redirect", Reply::raw("HTTP/1.1 302 -\r\n\r\n").and_forever(" ", SECOND), Some(302)),
    ]
}

type Cancelling<'a> = Call<'a, Result<Cancellation>>;

/// A call whose request has reached the server.
async fn in_flight(
    server: &mut Server,
    with: impl for<'a> FnOnce(Cancelling<'a>) -> Cancelling<'a> + Send + 'static,
) -> JoinHandle<Result<Cancellation>> {
    let transport = server.transport();
    let call = tokio::spawn(async move { with(transport.cancel(ID)).await });
    server.request().await;
    settle().await;
    call
}

/// Asserts that this limit ends the call, and no other.
async fn assert_ends(
    limit: TimeLimit,
    after: Duration,
    with: impl for<'a> Fn(Cancelling<'a>) -> Cancelling<'a> + Copy + Send + 'static,
) {
    for (what, reply, status) in endless() {
        let mut server = Server::start([reply]).await;
        let call = in_flight(&mut server, with).await;
        pause();
        let start = Instant::now();
        let error = transport_error(call.await.expect("no panic"));
        let elapsed = start.elapsed();
        assert_eq!(error.kind(), TransportErrorKind::Timeout { limit, after }, "{what}");
        // The time before the clock was paused is missing.
        assert!(elapsed.abs_diff(after) < SECOND, "{what}: {elapsed:?}");
        assert_eq!(error.status().map(|status| status.as_u16()), status, "{what}: {error}");
        assert!(error.may_have_arrived(), "{what}");
        server.closed().await;
        assert_eq!(server.received().len(), 0, "{what}: it is not retried");
        resume();
    }
}

#[tokio::test]
async fn an_attempt_times_out_whatever_the_server_does() {
    assert_ends(TimeLimit::Attempt, 20 * SECOND, |call| call).await;
}

#[tokio::test]
async fn a_deadline_ends_a_call_whatever_the_server_does() {
    assert_ends(TimeLimit::Deadline, 5 * SECOND, |call| call.deadline(5 * SECOND)).await;
}

#[tokio::test]
async fn a_dropped_call_leaves_no_task_connection_or_later_request() {
    for (what, reply, _) in endless() {
        let mut server = Server::start([reply]).await;
        settle().await;
        let before = Handle::current().metrics().num_alive_tasks();
        let call = in_flight(&mut server, |call| call).await;
        assert!(Handle::current().metrics().num_alive_tasks() > before, "{what}: the call and its connection");
        call.abort();
        call.await.expect_err("it was dropped");
        // A server that drips notices at its next write.
        pause();
        server.closed().await;
        settle().await;
        assert_eq!(Handle::current().metrics().num_alive_tasks(), before, "{what}");
        advance(3600 * SECOND).await;
        settle().await;
        assert_eq!(server.received().len(), 0, "{what}: no later request");
        resume();
    }
}

/// The connection is not there for the next call, which a late response could otherwise reach.
#[tokio::test]
async fn the_connection_of_a_dropped_call_is_not_reused() {
    let mut server = Server::start([Reply::silence(), Reply::json(404, "")]).await;
    let transport = server.transport();
    let call = tokio::spawn({
        let transport = transport.clone();
        async move { transport.cancel(ID).await }
    });
    assert_eq!(server.request().await.connection, 0);
    call.abort();
    call.await.expect_err("it was dropped");
    assert_eq!(transport.cancel(ID).await.expect_err("not declared").status().expect("a response"), 404);
    assert_eq!(server.request().await.connection, 1);
}

/// Before there is a connection.
#[tokio::test]
async fn dropping_a_call_during_a_handshake_ends_the_handshake() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let before = Handle::current().metrics().num_alive_tasks();
    let call = tokio::spawn(async move {
        let transport = Network::builder(base_url).bearer_token(KEY).build().expect("a client");
        transport.cancel(ID).await
    });
    let (mut stream, _) = listener.accept().await.expect("a connection");
    stream.read_u8().await.expect("the first byte of a handshake");
    call.abort();
    call.await.expect_err("it was dropped");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("the end of the connection");
    settle().await;
    assert_eq!(Handle::current().metrics().num_alive_tasks(), before);
}
