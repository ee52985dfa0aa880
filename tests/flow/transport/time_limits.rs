//! Every wait is finite. The clock is stopped once the request has arrived, and jumps to the limit: no test waits for
//! it.

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

const SECOND: Duration = Duration::from_secs(1);

type Cancelling<'a> = Call<'a, Result<Cancellation>>;

/// A cancellation on its way, with settings of its own.
fn cancelling(
    courier: Courier,
    with: impl for<'a> FnOnce(Cancelling<'a>) -> Cancelling<'a> + Send + 'static,
) -> JoinHandle<Result<Cancellation>> {
    tokio::spawn(async move { with(courier.cancel(ID)).await })
}

/// The error of a call that is on its way, and the time that it took from here.
async fn when_time_passes(call: JoinHandle<Result<Cancellation>>) -> (TransportError, Duration) {
    settle().await;
    pause();
    let start = Instant::now();
    let error = transport_error(call.await.expect("a call that does not panic"));
    (error, start.elapsed())
}

fn assert_about(elapsed: Duration, expected: Duration) {
    // What passed before the clock stopped is missing; the timer's grain is a millisecond.
    assert!(elapsed.abs_diff(expected) < SECOND, "{elapsed:?} is not about {expected:?}");
}

#[tokio::test]
async fn a_server_that_says_nothing_is_given_up_after_twenty_seconds() {
    let mut server = Server::start([Reply::silence()]).await;
    let call = cancelling(server.courier(), |call| call.max_attempts(1));
    server.request().await;

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: 20 * SECOND });
    assert_about(elapsed, 20 * SECOND);
    assert!(error.may_have_arrived(), "the message may be cancelled");
    assert_eq!(error.status(), None);
    server.closed().await;
    assert_eq!(server.received().len(), 0, "it is not sent again");
}

#[tokio::test]
async fn an_attempt_has_the_time_that_the_builder_says() {
    let mut server = Server::start([Reply::silence()]).await;
    let builder = server.builder().attempt_timeout(3 * SECOND).max_attempts(1);
    let call = cancelling(builder.build().expect("a client"), |call| call);
    server.request().await;

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: 3 * SECOND });
    assert_about(elapsed, 3 * SECOND);
}

#[tokio::test]
async fn an_attempt_that_times_out_within_the_body_keeps_the_status() {
    let mut server = Server::start([Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")]).await;
    let call = cancelling(server.courier(), |call| call);
    server.request().await;

    let (error, _) = when_time_passes(call).await;
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, .. }), "{error}");
    assert_eq!(error.status().expect("the message IS cancelled"), 200);
}

#[tokio::test]
async fn a_deadline_that_ends_within_the_body_keeps_the_status() {
    let mut server = Server::start([Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{")]).await;
    let call = cancelling(server.courier(), |call| call.deadline(5 * SECOND));
    server.request().await;

    let (error, _) = when_time_passes(call).await;
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, .. }), "{error}");
    assert_eq!(error.status().expect("the message IS cancelled"), 200);
}

#[tokio::test]
async fn a_client_without_settings_ends_every_call_after_a_minute() {
    let mut server = Server::start([Reply::silence()]).await;
    let call = cancelling(server.builder().attempt_timeout(600 * SECOND).build().expect("a client"), |call| call);
    server.request().await;

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 60 * SECOND });
    assert_about(elapsed, 60 * SECOND);
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn a_calls_deadline_takes_the_place_of_the_clients_in_both_directions() {
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
async fn a_call_may_ask_for_no_deadline_at_all() {
    let mut server = Server::start([Reply::silence()]).await;
    let builder = server.builder().deadline(10 * SECOND).attempt_timeout(600 * SECOND).max_attempts(1);
    let call = cancelling(builder.build().expect("a client"), |call| call.deadline(Duration::MAX));
    server.request().await;

    let (error, _) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: 600 * SECOND });
}

/// Sent by hand there is no call that would see to it.
#[tokio::test]
async fn a_deadline_holds_for_a_request_that_was_taken_out_of_its_call_too() {
    let mut server = Server::start([Reply::silence()]).await;
    let courier = server.builder().attempt_timeout(600 * SECOND).max_attempts(1).build().expect("a client");
    let request = courier.cancel(ID).deadline(5 * SECOND).into_request().expect("a request");
    let answer = tokio::spawn(async move { courier.send(request).await });
    server.request().await;
    settle().await;
    pause();
    let error = answer.await.expect("no panic").expect_err("no answer");
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 5 * SECOND });
    assert_eq!((error.attempts(), error.may_have_arrived()), (1, true));
}

#[tokio::test]
async fn a_deadline_of_zero_lets_nothing_out() {
    let mut server = Server::start([]).await;
    let error = transport_error(server.courier().cancel(ID).deadline(Duration::ZERO).await);
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: Duration::ZERO });
    assert!(!error.may_have_arrived());
    settle().await;
    assert_eq!(server.received().len(), 0);
}

/// It accepts the connection, and answers nothing to the first message of TLS.
#[tokio::test]
async fn a_handshake_that_does_not_end_is_given_up_after_five_seconds_with_nothing_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let courier = Courier::builder().api_key(KEY).base_url(base_url).build().expect("a client");
    let call = cancelling(courier, |call| call.max_attempts(1));
    let (mut stream, _) = listener.accept().await.expect("a connection");
    stream.read_u8().await.expect("the first byte of a handshake");

    let (error, elapsed) = when_time_passes(call).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: 5 * SECOND });
    assert_about(elapsed, 5 * SECOND);
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn a_connection_that_an_attempts_time_is_too_short_for_has_carried_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    for attempt in [2 * SECOND, 5 * SECOND] {
        let courier = Courier::builder().api_key(KEY).base_url(&base_url).attempt_timeout(attempt).build();
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

/// It waits between attempts, say, or for a token: a deadline is the call's and not the network's.
#[tokio::test(start_paused = true)]
async fn a_calls_deadline_holds_over_any_transport() {
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
async fn a_short_attempt_is_as_short_as_it_was_set() {
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
        // The timer's grain is a millisecond.
        assert!(elapsed <= attempt + Duration::from_millis(2), "{attempt:?} became {elapsed:?}");
        drop(server.received());
    }
}
