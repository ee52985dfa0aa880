//! What is retried, counted at the server, and when. The clock is advanced while a call waits, so no test waits.

use std::time::{Duration, SystemTime};

use courier_core::messages::{Cancellation, MessageStatus, Messages as _};
use courier_core::transport::{Retry, TimeLimit, TransportErrorKind};
use courier_core::{Courier, Error, Result, Transport, endpoint};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance, pause, resume};

use super::transport_error;
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, settle};
use crate::under_test;

const SECOND: Duration = Duration::from_secs(1);

trait Things: Transport {
    #[endpoint(GET, "/things", ok = 200)]
    async fn look(&self) -> Result<()>;
    #[endpoint(POST, "/things", ok = 200, busy = 429 | 503)]
    async fn declared(&self) -> Result<Thing>;
    #[endpoint(POST, "/things", ok = 200)]
    async fn make(&self) -> Result<()>;
    #[endpoint(POST, "/things", ok = 200, idempotent)]
    async fn make_once(&self) -> Result<()>;
    #[endpoint(DELETE, "/things", ok = 200)]
    async fn delete(&self) -> Result<()>;
}
impl<T: Transport> Things for T {}

#[derive(Debug, PartialEq)]
enum Thing {
    Ok,
    Busy,
}

/// Runs a call to its end, with the clock a quarter of a second ahead for each step of its I/O.
async fn finish<T>(call: JoinHandle<T>) -> T {
    while !call.is_finished() {
        settle().await;
        pause();
        advance(SECOND / 4).await;
        resume();
    }
    call.await.expect("no panic")
}

/// The result of a call of `courier`.
macro_rules! outcome {
    ($courier:expr, $($call:tt)+) => {{
        let courier = $courier.clone();
        finish(tokio::spawn(async move { courier.$($call)+.await })).await
    }};
}

fn ok() -> Reply {
    Reply::json(200, record("CANCELED"))
}

fn cut_short(status: u16) -> Reply {
    Reply::raw(format!("HTTP/1.1 {status} Scripted\r\ncontent-length: 100\r\n\r\n{{")).and_close()
}

fn lost() -> Reply {
    Reply::silence().and_close()
}

/// How many requests a `GET`, a `POST`, an idempotent `POST` and a `DELETE` make if this is the first response and the
/// second succeeds.
async fn request_counts(first: fn() -> Reply) -> [usize; 4] {
    let mut counts = [0; 4];
    for (endpoint, count) in counts.iter_mut().enumerate() {
        let mut server = Server::start([first(), ok(), ok()]).await;
        let courier = server.courier();
        let result = match endpoint {
            0 => outcome!(courier, look()),
            1 => outcome!(courier, make()),
            2 => outcome!(courier, make_once()),
            _ => outcome!(courier, delete()),
        };
        *count = server.received().len();
        assert_eq!(result.is_ok(), *count == 2, "{result:?}");
        let attempts = result.err().map_or(*count, |error| error.attempts() as usize);
        assert_eq!(attempts, *count);
    }
    counts
}

#[tokio::test]
async fn too_many_requests_is_retried_for_every_method() {
    for first in [|| Reply::json(429, ""), || cut_short(429)] {
        assert_eq!(request_counts(first).await, [2; 4]);
    }
}

#[tokio::test]
async fn only_safe_and_idempotent_endpoints_retry_a_server_error() {
    for first in [
        || Reply::json(408, ""),
        || Reply::json(425, ""),
        || Reply::json(500, ""),
        || Reply::json(502, ""),
        || Reply::json(503, ""),
        || Reply::json(504, ""),
        || cut_short(503),
        || cut_short(500),
    ] {
        assert_eq!(request_counts(first).await, [2, 1, 2, 1]);
    }
}

#[tokio::test]
async fn only_safe_and_idempotent_endpoints_retry_a_lost_connection() {
    for first in [lost, || Reply::raw("HTTP/1.1 2").and_close(), || Reply::raw("not HTTP\r\n\r\n").and_close()] {
        assert_eq!(request_counts(first).await, [2, 1, 2, 1]);
    }
}

#[tokio::test]
async fn only_safe_and_idempotent_endpoints_retry_a_timeout() {
    assert_eq!(request_counts(Reply::silence).await, [2, 1, 2, 1]);
}

#[tokio::test]
async fn other_responses_are_not_retried() {
    for first in [
        || Reply::json(201, ""),
        || Reply::json(302, ""),
        || Reply::json(400, ""),
        || Reply::json(404, ""),
        || Reply::json(409, ""),
        || Reply::json(501, ""),
        || cut_short(200),
        || cut_short(404),
        || Reply::json(503, vec![b'x'; 9 * 1024 * 1024]),
    ] {
        assert_eq!(request_counts(first).await, [1; 4]);
    }
}

/// A client of an address on which nothing listens while the socket exists.
fn unreachable_client() -> (TcpSocket, Courier) {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    let base_url = format!("http://{}", socket.local_addr().expect("a bound socket"));
    (socket, under_test::courier().api_key(KEY).base_url(base_url).build().expect("a client"))
}

#[tokio::test]
async fn every_method_tries_to_connect_three_times() {
    let (_socket, courier) = unreachable_client();
    let results = [
        outcome!(courier, look()),
        outcome!(courier, make()),
        outcome!(courier, make_once()),
        outcome!(courier, delete()),
    ];
    for error in results.map(transport_error) {
        assert_eq!(error.kind(), TransportErrorKind::Connect);
        assert_eq!((error.attempts(), error.may_have_arrived()), (3, false));
        assert!(error.to_string().ends_with("nothing was sent; 3 attempts"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_starts_between_attempts_gets_the_request() {
    let (socket, courier) = unreachable_client();
    let call = tokio::spawn(async move { courier.make().with_response().await });
    settle().await;
    let listener = socket.listen(1).expect("a listener");
    let accepted = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await
    });
    assert_eq!(finish(call).await.expect("200").attempts, 2);
    accepted.await.expect("no panic").expect("a response");
}

#[tokio::test]
async fn a_declared_409_is_never_retried() {
    let mut server = Server::start([Reply::json(409, record("SENT")), ok()]).await;
    assert!(matches!(outcome!(server.courier(), cancel(ID)), Ok(Cancellation::Conflict(_))));
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_declared_503_is_never_retried() {
    for status in [429, 503] {
        let mut server =
            Server::start([Reply::with_headers(status, &["retry-after: 1"], ""), Reply::json(200, "")]).await;
        assert_eq!(outcome!(server.courier(), declared()).expect("declared"), Thing::Busy);
        assert_eq!(server.received().len(), 1);
    }
}

/// The message is cancelled or it is not; a retry could only hide which.
#[tokio::test]
async fn a_declared_status_with_a_lost_body_is_never_retried() {
    for status in [200, 409] {
        let mut server = Server::start([cut_short(status), ok()]).await;
        let error = transport_error(outcome!(server.courier(), cancel(ID)));
        assert_eq!(error.status().expect("its head was read"), status);
        assert_eq!((error.kind(), error.attempts()), (TransportErrorKind::Interrupted, 1));
        assert_eq!(server.received().len(), 1);

        let slow = Reply::raw(format!("HTTP/1.1 {status} Scripted\r\ncontent-length: 100\r\n\r\n{{"));
        let mut server = Server::start([slow, ok()]).await;
        let error = transport_error(outcome!(server.courier(), cancel(ID)));
        assert_eq!(error.status().expect("its head was read"), status);
        assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, .. }), "{error}");
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn a_retried_cancel_returns_the_cancelled_record_if_the_first_response_was_lost() {
    let mut server = Server::start([lost(), Reply::json(409, record("CANCELED"))]).await;
    let response = outcome!(server.courier(), cancel(ID).with_response()).expect("declared");
    assert!(matches!(response.outcome, Cancellation::Conflict(_)), "{response:?}");
    assert_eq!((&response.outcome.details().status, response.attempts), (&MessageStatus::Canceled, 2));
    let received = server.received();
    assert_eq!(received[0].header_lines(), received[1].header_lines(), "the retry is the same request");
    assert_eq!(received[0].request_line(), received[1].request_line());
}

#[tokio::test]
async fn a_cancel_may_have_arrived_even_if_later_attempts_cannot_connect() {
    let mut server = Server::start([lost()]).await;
    let courier = server.courier();
    let call = tokio::spawn(async move { courier.cancel(ID).await });
    server.request().await;
    drop(server);
    let error = transport_error(finish(call).await);
    assert_eq!((error.kind(), error.attempts()), (TransportErrorKind::Connect, 3));
    assert!(error.may_have_arrived(), "the message may be cancelled");
}

#[tokio::test]
async fn a_resend_that_may_have_arrived_is_not_retried() {
    let mut server = Server::start([lost(), Reply::json(200, r#"{"messageId": "2"}"#)]).await;
    let error = transport_error(outcome!(server.courier(), resend(ID)));
    assert!(error.may_have_arrived());
    assert_eq!(server.received().len(), 1, "a retry would send a second message");
}

#[tokio::test]
async fn the_number_of_attempts_is_the_calls_the_clients_or_three() {
    let responses = || std::iter::repeat_with(|| Reply::json(503, "")).take(9);
    let mut server = Server::start(responses()).await;
    assert_eq!(outcome!(server.courier(), look()).expect_err("503").attempts(), 3);
    assert_eq!(server.received().len(), 3);

    let mut server = Server::start(responses()).await;
    let once = server.builder().max_attempts(1).build().expect("a client");
    let error = outcome!(once, look()).expect_err("503");
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
    assert_eq!(outcome!(once, look().max_attempts(2)).expect_err("503").attempts(), 2);
    assert_eq!(server.received().len(), 2, "the call's own number wins");

    let mut server = Server::start(responses()).await;
    outcome!(server.transport(), look().max_attempts(5)).expect_err("503");
    assert_eq!(server.received().len(), 1, "without `Retry` there is one attempt");
    let retry = Retry::new(server.transport());
    assert_eq!(outcome!(retry, look().max_attempts(5)).expect_err("503").attempts(), 5);
}

/// The time from the first response until the second request.
async fn wait_after(header: &str) -> Duration {
    let mut server = Server::start([Reply::with_headers(429, &[header], ""), ok()]).await;
    let courier = server.courier();
    let call = tokio::spawn(async move { courier.make().await });
    server.request().await;
    settle().await;
    let start = Instant::now();
    finish(call).await.expect("the second response");
    assert_eq!(server.received().len(), 1);
    start.elapsed()
}

#[tokio::test]
async fn retry_after_is_read_in_seconds_or_as_a_date_and_nonsense_is_ignored() {
    // The clock advances in quarters of a second.
    let about = |from: Duration, to: Duration| from..to + SECOND;
    assert!(about(9 * SECOND, 9 * SECOND).contains(&wait_after("retry-after: 9").await));
    assert!(about(3 * SECOND, 3 * SECOND).contains(&wait_after("retry-after: 2.5").await));
    assert!(about(4 * SECOND, 4 * SECOND).contains(&wait_after("retry-after-ms: 4000").await));
    let date = httpdate::fmt_http_date(SystemTime::now() + 20 * SECOND);
    assert!(about(18 * SECOND, 20 * SECOND).contains(&wait_after(&format!("retry-after: {date}")).await));
    for nonsense in ["", "-1", "9.x", "soon", "99999999999999999999", "Sun, 06 Nov 1994 08:49:37 GMT", "\u{663}"] {
        let waited = wait_after(&format!("retry-after: {nonsense}")).await;
        assert!(about(SECOND / 2, SECOND).contains(&waited), "{nonsense:?}: {waited:?}");
    }
}

#[tokio::test]
async fn a_retry_after_beyond_the_deadline_ends_the_call_immediately_with_the_response() {
    for (wait, deadline) in [("60", None), ("7", Some(7 * SECOND))] {
        for status in [429, 503] {
            let busy = Reply::with_headers(status, &[&format!("retry-after: {wait}")], "busy");
            let mut server = Server::start([busy, ok()]).await;
            let courier = server.courier();
            let call = courier.make();
            let call = match deadline {
                Some(deadline) => call.deadline(deadline),
                None => call,
            };
            // Nothing advances the clock, so the call does not wait.
            let error = call.await.expect_err("it is not declared");
            assert!(matches!(error, Error::Status { .. }), "{error:?}");
            assert_eq!(error.status().expect("a response"), status);
            assert_eq!(error.headers().expect("a response")["retry-after"], wait);
            assert_eq!(error.attempts(), 1);
            assert_eq!(server.received().len(), 1);
        }
    }
}

#[tokio::test]
async fn the_deadline_covers_every_attempt_and_wait() {
    let mut server = Server::start([lost(), Reply::json(503, ""), Reply::silence()]).await;
    let courier = server.builder().deadline(15 * SECOND).build().expect("a client");
    let start = Instant::now();
    let call = tokio::spawn(async move { courier.cancel(ID).await });
    let error = transport_error(finish(call).await);
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 15 * SECOND });
    assert_eq!((error.attempts(), error.status(), error.may_have_arrived()), (3, None, true));
    assert!(error.to_string().ends_with("the request may have arrived; 3 attempts"), "{error}");
    assert!((15 * SECOND..16 * SECOND).contains(&start.elapsed()), "{:?}", start.elapsed());
    assert_eq!(server.received().len(), 3);
}

#[tokio::test]
async fn a_call_dropped_while_it_waits_sends_no_further_request() {
    let mut server = Server::start([Reply::json(429, ""), ok()]).await;
    let courier = server.courier();
    let call = tokio::spawn(async move { courier.make().await });
    server.request().await;
    settle().await;
    call.abort();
    assert!(call.await.expect_err("it was dropped").is_cancelled());
    finish(tokio::spawn(tokio::time::sleep(10 * SECOND))).await;
    assert_eq!(server.received().len(), 0);
}

#[test]
fn a_call_that_waits_is_retried_too() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut server = runtime.block_on(Server::start([lost(), Reply::json(409, record("CANCELED")), lost(), ok()]));
    assert_eq!(server.courier().cancel(ID).wait().expect("declared").details().status, MessageStatus::Canceled);
    assert_eq!(server.received().len(), 2);
    let retry = Retry::new(server.transport());
    assert!(matches!(retry.cancel(ID).wait(), Ok(Cancellation::Ok(_))));
    assert_eq!(server.received().len(), 2);
}
