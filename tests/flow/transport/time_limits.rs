//! Every wait is finite. The clock is paused once the request has arrived, and jumps to the limit, so no test waits.

use std::time::Duration;

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::{BoxFuture, TimeLimit, TransportError, TransportErrorKind};
use courier_core::{Call, Courier, Request, Response, Result, Transport};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::{Instant, pause};

use super::transport_error;
use crate::flow::record::ID;
use crate::flow::server::{KEY, Reply, Server, settle};
use crate::under_test::{self, IS_OVER_HYPER};

const SECOND: Duration = Duration::from_secs(1);

type Cancelling<'a> = Call<'a, Result<Cancellation>>;

/// A cancellation in flight, with its own settings.
fn cancelling(
    courier: Courier,
    with: impl for<'a> FnOnce(Cancelling<'a>) -> Cancelling<'a> + Send + 'static,
) -> JoinHandle<Result<Cancellation>> {
    tokio::spawn(async move { with(courier.cancel(ID)).await })
}

/// The error of a call in flight, and the time from here until it came.
async fn when_time_passes(call: JoinHandle<Result<Cancellation>>) -> (TransportError, Duration) {
    settle().await;
    pause();
    let start = Instant::now();
    let error = transport_error(call.await.expect("no panic"));
    (error, start.elapsed())
}

fn assert_about(elapsed: Duration, expected: Duration) {
    // The time before the clock was paused is missing; the timer has a resolution of one millisecond.
    assert!(elapsed.abs_diff(expected) < SECOND, "{elapsed:?} is not about {expected:?}");
}

#[tokio::test]
async fn a_silent_server_times_out_after_twenty_seconds() {
    let mut server = Server::start([Reply::silence()]).await;
    let call = cancelling(server.courier(), |call| call.max_attempts(1));
    server.request().await;

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: 20 * SECOND });
    assert_about(elapsed, 20 * SECOND);
    assert!(error.may_have_arrived(), "the message may be cancelled");
    assert_eq!(error.status(), None);
    server.closed().await;
    assert_eq!(server.received().len(), 0, "it is not retried");
}

#[tokio::test]
async fn the_builder_sets_the_time_of_an_attempt() {
    let mut server = Server::start([Reply::silence()]).await;
    let builder = server.builder().attempt_timeout(3 * SECOND).max_attempts(1);
    let call = cancelling(builder.build().expect("a client"), |call| call);
    server.request().await;

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: 3 * SECOND });
    assert_about(elapsed, 3 * SECOND);
}

#[tokio::test]
async fn an_attempt_that_times_out_in_the_body_keeps_the_status() {
    let mut server = Server::start([Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")]).await;
    let call = cancelling(server.courier(), |call| call);
    server.request().await;

    let (error, _) = when_time_passes(call).await;
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, .. }), "{error}");
    assert_eq!(error.status().expect("the message is cancelled"), 200);
}

#[tokio::test]
async fn a_deadline_that_passes_in_the_body_keeps_the_status() {
    let mut server = Server::start([Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")]).await;
    let call = cancelling(server.courier(), |call| call.deadline(5 * SECOND));
    server.request().await;

    let (error, _) = when_time_passes(call).await;
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, .. }), "{error}");
    assert_eq!(error.status().expect("the message is cancelled"), 200);
}

#[tokio::test]
async fn the_default_deadline_is_one_minute() {
    let mut server = Server::start([Reply::silence()]).await;
    let call = cancelling(server.builder().attempt_timeout(600 * SECOND).build().expect("a client"), |call| call);
    server.request().await;

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 60 * SECOND });
    assert_about(elapsed, 60 * SECOND);
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn a_calls_deadline_can_raise_or_lower_the_clients() {
    for deadline in [2 * SECOND, 30 * SECOND] {
        let mut server = Server::start([Reply::silence()]).await;
        let builder = server.builder().deadline(10 * SECOND).attempt_timeout(600 * SECOND);
        let call = cancelling(builder.build().expect("a client"), move |call| call.deadline(deadline));
        server.request().await;

        let (error, elapsed) = when_time_passes(call).await;
        assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: deadline });
        assert_about(elapsed, deadline);
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_call_can_have_no_deadline() {
    let mut server = Server::start([Reply::silence()]).await;
    let builder = server.builder().deadline(10 * SECOND).attempt_timeout(600 * SECOND).max_attempts(1);
    let call = cancelling(builder.build().expect("a client"), |call| call.deadline(Duration::MAX));
    server.request().await;

    let (error, _) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: 600 * SECOND });
}

/// The request is sent without the call, which would apply the deadline.
#[tokio::test]
async fn a_deadline_applies_to_a_request_taken_from_its_call() {
    let mut server = Server::start([Reply::silence()]).await;
    let courier = server.builder().attempt_timeout(600 * SECOND).max_attempts(1).build().expect("a client");
    let request = courier.cancel(ID).deadline(5 * SECOND).into_request().expect("a request");
    let response = tokio::spawn(async move { courier.send(request).await });
    server.request().await;
    settle().await;
    pause();
    let error = response.await.expect("no panic").expect_err("no response");
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 5 * SECOND });
    assert_eq!((error.attempts(), error.may_have_arrived()), (1, true));
}

#[tokio::test]
async fn a_deadline_of_zero_sends_nothing() {
    let mut server = Server::start([]).await;
    let error = transport_error(server.courier().cancel(ID).deadline(Duration::ZERO).await);
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: Duration::ZERO });
    assert!(!error.may_have_arrived());
    settle().await;
    assert_eq!(server.received().len(), 0);
}

/// Accepts the connection and never responds to the TLS handshake.
#[tokio::test]
async fn an_unfinished_handshake_times_out_after_five_seconds_with_nothing_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let courier = under_test::courier().api_key(KEY).base_url(base_url).build().expect("a client");
    let call = cancelling(courier, |call| call.max_attempts(1));
    let (mut stream, _) = listener.accept().await.expect("a connection");
    stream.read_u8().await.expect("the first byte of a handshake");

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: 5 * SECOND });
    assert_about(elapsed, 5 * SECOND);
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn an_attempt_too_short_to_connect_sends_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    for attempt in [2 * SECOND, 5 * SECOND] {
        let courier = under_test::courier().api_key(KEY).base_url(&base_url).attempt_timeout(attempt).build();
        let call = cancelling(courier.expect("a client"), |call| call.max_attempts(1));
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.read_u8().await.expect("the first byte of a handshake");

        let (error, elapsed) = when_time_passes(call).await;
        tokio::time::resume();
        assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: attempt });
        assert_about(elapsed, attempt);
        assert!(!error.may_have_arrived(), "{error}");
    }
}

/// A call's own limit may be shorter than the time to connect. Over reqwest, it isn't known how far connecting has come.
#[tokio::test]
async fn a_calls_limit_that_ends_connecting_reports_that_nothing_was_sent_if_that_is_known() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let limits: [fn(Cancelling<'_>) -> Cancelling<'_>; 2] =
        [|call| call.attempt_timeout(2 * SECOND).max_attempts(1), |call| call.deadline(2 * SECOND)];
    for limit in limits {
        let courier = under_test::courier().api_key(KEY).base_url(&base_url).build();
        let call = cancelling(courier.expect("a client"), limit);
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream.read_u8().await.expect("the first byte of a handshake");

        let (error, elapsed) = when_time_passes(call).await;
        tokio::time::resume();
        assert!(error.is_timeout());
        assert_about(elapsed, 2 * SECOND);
        assert_eq!(error.may_have_arrived(), !IS_OVER_HYPER, "{error}");
        assert_eq!(error.to_string().contains("nothing was sent"), IS_OVER_HYPER, "{error}");
    }
}

/// A custom transport may wait between attempts or for a token; the deadline covers that too.
#[tokio::test(start_paused = true)]
async fn a_calls_deadline_applies_to_any_transport() {
    struct Never;
    impl Transport for Never {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(std::future::pending())
        }
    }
    let start = Instant::now();
    let call = Never.cancel(ID).deadline(7 * SECOND);
    tokio::time::sleep(100 * SECOND).await;
    let error = transport_error(call.await);
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 7 * SECOND });
    assert_about(start.elapsed(), 107 * SECOND);
}

#[tokio::test]
async fn a_short_attempt_timeout_is_exact() {
    for milliseconds in [1, 3, 5, 9, 10, 11, 50] {
        let attempt = Duration::from_millis(milliseconds);
        let mut server = Server::start([Reply::silence(), Reply::silence()]).await;
        let builder = server.builder().attempt_timeout(attempt).max_attempts(1).deadline(SECOND);
        let courier = builder.build().expect("a client");
        pause();
        let start = Instant::now();
        let error = transport_error(courier.cancel(ID).await);
        let elapsed = start.elapsed();
        tokio::time::resume();
        assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: attempt });
        // The timer has a resolution of one millisecond.
        assert!(elapsed <= attempt + Duration::from_millis(2), "{attempt:?} became {elapsed:?}");
        drop(server.received());
    }
}
