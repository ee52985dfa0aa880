//! How calls end, with a transport that plays a script and a paused clock.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::UNIX_EPOCH;

use http::{Method, StatusCode};
use tokio::time::{Instant, timeout};

use super::*;
use crate::messages::{Cancellation, MessageStatus, Messages as _};
use crate::transport::{TimeLimit, TransportErrorKind, try_clone};
use crate::{Call, Error, MemoryTransport, Result as CallResult, endpoint};

const SECOND: Duration = Duration::from_secs(1);
const RECORD: &str =
    r#"{"id": "1", "status": "CANCELED", "enqueued": 0, "recipient": "", "event": "", "notification": ""}"#;

trait Things: Transport {
    #[endpoint(GET, "/things/<id>", ok = 200)]
    async fn find(&self, id: u64) -> CallResult<()>;
    #[endpoint(POST, "/things", ok = 200)]
    async fn make(&self) -> CallResult<()>;
}
impl<T: Transport> Things for T {}

#[expect(clippy::unnecessary_wraps, reason = "used next to errors, as the result of an attempt")]
fn answer(status: u16) -> Result<Response, TransportError> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    Ok(response)
}

fn lost() -> Result<Response, TransportError> {
    Err(TransportError::sent(TransportErrorKind::Interrupted))
}

fn not_connected() -> Result<Response, TransportError> {
    Err(TransportError::not_sent(TransportErrorKind::Connect))
}

/// Awaits a call; returns its result and how long it took.
async fn timed<R>(call: Call<'_, R>) -> (R, Duration) {
    let start = Instant::now();
    let result = call.await;
    (result, start.elapsed())
}

fn assert_between(elapsed: Duration, from: Duration, to: Duration) {
    // The timer has a resolution of a millisecond.
    let to = to + Duration::from_millis(5);
    assert!((from..=to).contains(&elapsed), "{elapsed:?} is not between {from:?} and {to:?}");
}

#[tokio::test(start_paused = true)]
async fn three_attempts_are_made_unless_another_number_is_set() {
    let attempts_of = |limit: Option<u32>, of_call: Option<u32>| async move {
        let memory = MemoryTransport::from_fn(|_| not_connected());
        let retry = Retry::new(memory.clone());
        let retry = limit.map_or(retry.clone(), |limit| retry.max_attempts(limit));
        let call = retry.make().deadline(3600 * SECOND);
        let error = of_call.map_or(call, |limit| retry.make().max_attempts(limit)).await.expect_err("no connection");
        assert_eq!(error.attempts() as usize, memory.requests().len());
        memory.requests().len()
    };
    assert_eq!(attempts_of(None, None).await, 3);
    for limit in [1, 2, 7] {
        assert_eq!(attempts_of(Some(limit), None).await, limit as usize);
        assert_eq!(attempts_of(None, Some(limit)).await, limit as usize);
        assert_eq!(attempts_of(Some(4), Some(limit)).await, limit as usize, "the call's limit wins");
    }
    assert_eq!((attempts_of(Some(0), None).await, attempts_of(None, Some(0)).await), (1, 1), "zero counts as one");
}

/// As after a deploy: nothing was sent, so nothing is spared by giving up.
#[tokio::test(start_paused = true)]
async fn attempts_without_a_connection_take_no_token() {
    for kind in [TransportErrorKind::Connect, TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: SECOND }]
    {
        let memory = MemoryTransport::from_fn(move |_| Err(TransportError::not_sent(kind)));
        let retry = Retry::new(memory.clone());
        for _ in 0..200 {
            assert_eq!(retry.make().await.expect_err("no connection").attempts(), 3);
        }
        assert_eq!(memory.requests().len(), 600);
    }
}

#[tokio::test(start_paused = true)]
async fn more_attempts_outlast_an_outage() {
    let start = Instant::now();
    let down = 30 * SECOND;
    let memory = MemoryTransport::from_fn(move |_| if start.elapsed() < down { not_connected() } else { answer(200) });
    let retry = Retry::new(memory).max_attempts(20);
    let (result, elapsed) = timed(retry.make().deadline(60 * SECOND)).await;
    result.expect("a response");
    assert_between(elapsed, down, down + 8 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_shared_connection_costs_neither_time_nor_a_token() {
    let ended = || Err(TransportError::sent(TransportErrorKind::Interrupted).of_shared_connection());
    let retry = Retry::new(MemoryTransport::from_fn(move |_| ended()));
    for _ in 0..200 {
        let (result, elapsed) = timed(retry.find(1)).await;
        assert_eq!((result.expect_err("no response").attempts(), elapsed), (3, Duration::ZERO));
        let made = retry.make().await.expect_err("it may have arrived");
        assert_eq!((made.attempts(), made.may_have_arrived()), (1, true));
        let one = retry.find(1).max_attempts(1).await.expect_err("no response");
        assert_eq!(one.attempts(), 1);
    }
    // The budget is full: other failures can be retried.
    let memory = MemoryTransport::new().play(ended()).answer(503, "").answer(200, "");
    let (result, elapsed) = timed(Retry::new(memory).find(1)).await;
    result.expect("a response");
    assert_between(elapsed, SECOND / 2, SECOND);
}

/// A server that ends each connection after the first response must not get twenty times the requests.
#[tokio::test(start_paused = true)]
async fn only_two_retries_of_a_call_are_free() {
    let memory =
        MemoryTransport::from_fn(|_| Err(TransportError::sent(TransportErrorKind::Interrupted).of_shared_connection()));
    let retry = Retry::new(memory.clone()).max_attempts(20);
    let (result, elapsed) = timed(retry.find(1)).await;
    assert_eq!(result.expect_err("no response").attempts(), 20);
    assert!(elapsed > 60 * SECOND, "{elapsed:?}");
    for _ in 0..200 {
        retry.find(1).await.expect_err("no response");
    }
    assert_eq!(memory.requests().len(), 201 * 3 + 100, "the budget has a hundred tokens");
}

#[tokio::test(start_paused = true)]
async fn a_retry_without_a_token_returns_a_tenth() {
    let retry = Retry::new(MemoryTransport::from_fn(|_| answer(503)));
    let attempts = async || retry.find(1).await.expect_err("503 is not declared").attempts();
    for _ in 0..50 {
        assert_eq!(attempts().await, 3);
    }
    assert_eq!(attempts().await, 1, "the budget is empty");
    for _ in 0..10 {
        let memory = MemoryTransport::new().play(not_connected()).answer(200, "");
        let reconnected = Retry { transport: memory, policy: retry.policy, budget: Arc::clone(&retry.budget) };
        reconnected.find(1).await.expect("a response");
    }
    assert_eq!([attempts().await, attempts().await], [2, 1]);
}

#[tokio::test(start_paused = true)]
async fn waits_double_from_half_a_second_or_more_up_to_eight_seconds_and_vary() {
    let mut firsts = Vec::new();
    for _ in 0..20 {
        let mut backoff = BACKOFF.build();
        firsts.push(backoff.next().expect("endless"));
        assert_between(firsts[firsts.len() - 1], SECOND / 2, SECOND);
        for from in [SECOND, 2 * SECOND, 4 * SECOND, 4 * SECOND, 4 * SECOND] {
            assert_between(backoff.next().expect("endless"), from, 2 * from);
        }
    }
    firsts.sort_unstable();
    firsts.dedup();
    assert!(firsts.len() > 1, "clients that failed together retry together: {firsts:?}");

    let retry = Retry::new(MemoryTransport::from_fn(|_| not_connected()));
    let (result, elapsed) = timed(retry.make()).await;
    assert_eq!(result.expect_err("no connection").attempts(), 3);
    assert_between(elapsed, SECOND * 3 / 2, SECOND * 3);
}

#[tokio::test(start_paused = true)]
async fn a_success_reports_how_many_attempts_it_took() {
    let memory = MemoryTransport::new().answer(503, "").play(lost()).answer(200, RECORD).answer(200, RECORD);
    let retry = Retry::new(memory.clone());
    let answered = retry.cancel("1").with_response().await.expect("a cancellation");
    assert_eq!((answered.attempts, memory.requests().len()), (3, 3));
    assert!(format!("{answered:?}").contains("attempts: 3"), "{answered:?}");
    assert_eq!(retry.cancel("1").with_response().await.expect("a cancellation").attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_reports_the_number_of_attempts_if_there_was_more_than_one() {
    let answers = [(503, ""), (503, ""), (503, "down"), (502, ""), (200, "{}"), (404, "gone")];
    let memory = answers.iter().fold(MemoryTransport::new(), |memory, &(status, body)| memory.answer(status, body));
    let retry = Retry::new(memory.play(not_connected()).play(not_connected()).play(not_connected()));

    let down = retry.cancel("1").await.expect_err("503 is not declared");
    assert_eq!((down.attempts(), down.status()), (3, Some(StatusCode::SERVICE_UNAVAILABLE)));
    assert!(down.to_string().ends_with("(200 ok, 409 conflict); 3 attempts; body: down"), "{down}");
    let unreadable = retry.cancel("1").await.expect_err("no record");
    assert!(matches!(unreadable, Error::Decode { .. }), "{unreadable:?}");
    assert_eq!(unreadable.attempts(), 2);
    assert!(unreadable.to_string().contains("; 2 attempts; no content-type"), "{unreadable}");
    let gone = retry.cancel("1").await.expect_err("404 is not declared");
    assert_eq!(gone.attempts(), 1);
    assert!(!gone.to_string().contains("attempt"), "{gone}");
    let unconnected = retry.cancel("1").await.expect_err("no connection");
    assert_eq!(unconnected.attempts(), 3);
    assert!(unconnected.to_string().ends_with("nothing was sent; 3 attempts"), "{unconnected}");
    assert_eq!(retry.cancel("").await.expect_err("no segment").attempts(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_may_have_arrived_once_may_have_arrived_whatever_happens_later() {
    for first in [lost(), answer(503)] {
        let memory = MemoryTransport::new().play(first).play(not_connected()).play(not_connected());
        let error = Retry::new(memory).cancel("1").await.expect_err("no connection");
        let Error::Transport { source, .. } = &error else { panic!("{error:?}") };
        assert_eq!((source.kind(), source.status(), error.attempts()), (TransportErrorKind::Connect, None, 3));
        assert!(error.may_have_arrived(), "the message may be cancelled");
        assert!(error.to_string().contains("; the request may have arrived; 3 attempts"), "{error}");
    }
    let memory = MemoryTransport::from_fn(|_| not_connected());
    assert!(!Retry::new(memory).cancel("1").await.expect_err("no connection").may_have_arrived());
}

/// The record distinguishes it from a cancel that came too late.
#[tokio::test(start_paused = true)]
async fn a_cancel_whose_first_response_was_lost_is_a_conflict_with_a_cancelled_record() {
    let memory = MemoryTransport::new().play(lost()).answer(409, RECORD);
    let answered = Retry::new(memory).cancel("1").with_response().await.expect("declared");
    assert!(matches!(answered.outcome, Cancellation::Conflict(_)), "{answered:?}");
    assert_eq!((&answered.outcome.details().status, answered.attempts), (&MessageStatus::Canceled, 2));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_a_minimum_and_never_shortens_the_backoff() {
    let date = |seconds: u64| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(1_000_000_000 + seconds));
    for (value, from, to) in [
        ("7".to_owned(), 7 * SECOND, 7 * SECOND),
        (date(9), 9 * SECOND, 9 * SECOND),
        ("0".to_owned(), SECOND / 2, SECOND),
        ("-7".to_owned(), SECOND / 2, SECOND),
        ("7.5".to_owned(), 8 * SECOND, 8 * SECOND),
        ("7,5".to_owned(), SECOND / 2, SECOND),
        ("99999999999999999999".to_owned(), SECOND / 2, SECOND),
        (date(0), SECOND / 2, SECOND),
    ] {
        for status in [429, 503] {
            let headers = [("retry-after", &*value), ("date", &*date(0))];
            let memory = MemoryTransport::new().answer_with(status, headers, "").answer(200, "");
            let retry = Retry::new(memory);
            let (result, elapsed) = timed(retry.find(1).deadline(30 * SECOND)).await;
            result.expect("the second response");
            assert_between(elapsed, from, to);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_the_deadline_ends_the_call_at_once() {
    for (wait, deadline) in [("10", 10 * SECOND), ("4000000", 3600 * SECOND), ("0", SECOND / 2)] {
        let memory = MemoryTransport::new().answer_with(429, [("retry-after", wait)], "busy").answer(200, "");
        let retry = Retry::new(memory.clone());
        let (result, elapsed) = timed(retry.make().deadline(deadline)).await;
        let error = result.expect_err("429 is not declared");
        assert!(matches!(error, Error::Status { .. }), "{error:?}");
        assert_eq!((error.status(), error.attempts()), (Some(StatusCode::TOO_MANY_REQUESTS), 1));
        assert_eq!((elapsed, memory.requests().len()), (Duration::ZERO, 1));
    }
    let retry = Retry::new(MemoryTransport::new().play(not_connected()).answer(200, ""));
    let (result, elapsed) = timed(retry.make().deadline(SECOND / 4)).await;
    assert!(matches!(result, Err(Error::Transport { .. })), "it isn't a timeout: {result:?}");
    assert_eq!(elapsed, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn without_a_deadline_a_wait_is_at_most_a_minute() {
    for (seconds, attempts) in [("60", 2), ("61", 1)] {
        let answers = || MemoryTransport::new().answer_with(503, [("retry-after", seconds)], "").answer(503, "");
        for deadline in [None, Some(Duration::MAX)] {
            let retry = Retry::new(answers()).max_attempts(2);
            let call = retry.find(1);
            let call = match deadline {
                Some(deadline) => call.deadline(deadline),
                None => call,
            };
            assert_eq!(call.await.expect_err("503 is not declared").attempts(), attempts, "{seconds} {deadline:?}");
        }
    }
}

/// Plays a script, and then never responds.
#[derive(Default)]
struct ThenSilent {
    script: MemoryTransport,
    asked: AtomicUsize,
    answers: usize,
}

impl Transport for ThenSilent {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.script)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            if self.asked.fetch_add(1, Ordering::Relaxed) < self.answers {
                self.script.send(request).await
            } else {
                std::future::pending().await
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_during_the_second_attempt_reports_both() {
    // The status of the first attempt isn't the status of the second.
    for first in [not_connected(), lost(), answer(503)] {
        let script = MemoryTransport::new().play(first);
        let retry = Retry::new(ThenSilent { script, answers: 1, ..ThenSilent::default() });
        let (result, elapsed) = timed(retry.cancel("1").deadline(10 * SECOND)).await;
        let error = result.expect_err("no response");
        let Error::Timeout { source, .. } = &error else { panic!("{error:?}") };
        assert_eq!(source.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: 10 * SECOND });
        assert_eq!((source.attempts(), source.status(), source.may_have_arrived()), (2, None, true));
        assert_between(elapsed, 10 * SECOND, 10 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_zero_makes_no_attempt() {
    let memory = MemoryTransport::new();
    let error = Retry::new(memory.clone()).make().deadline(Duration::ZERO).await.expect_err("no time");
    assert_eq!((error.attempts(), error.may_have_arrived(), memory.requests().len()), (0, false, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_while_it_waits_sends_nothing_more() {
    let memory = MemoryTransport::from_fn(|_| not_connected());
    let retry = Retry::new(memory.clone());
    timeout(SECOND / 4, retry.make()).await.expect_err("it is waiting");
    tokio::time::sleep(3600 * SECOND).await;
    assert_eq!(memory.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_failing_calls_make_eleven_hundred_requests() {
    let memory = MemoryTransport::from_fn(|_| lost());
    let retry = Retry::new(memory.clone());
    for _ in 0..1000 {
        let clone = retry.clone();
        clone.find(1).await.expect_err("no response");
    }
    assert_eq!(memory.requests().len(), 1100, "sequentially");
    let (result, elapsed) = timed(retry.find(1)).await;
    assert_eq!((result.expect_err("no response").attempts(), elapsed), (1, Duration::ZERO), "it ends at once");

    let memory = MemoryTransport::from_fn(|_| answer(503));
    let retry = Retry::new(memory.clone());
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..1000 {
        let retry = retry.clone();
        calls.spawn(async move { retry.find(1).await.expect_err("503 is not declared") });
    }
    let attempts: u32 = calls.join_all().await.iter().map(Error::attempts).sum();
    assert_eq!((memory.requests().len(), attempts), (1100, 1100), "concurrently");
}

#[tokio::test(start_paused = true)]
async fn successful_calls_refill_the_budget() {
    let memory = MemoryTransport::from_fn(|_| lost());
    let retry = Retry::new(memory.clone());
    for _ in 0..50 {
        retry.find(1).await.expect_err("no response");
    }
    assert_eq!(memory.requests().len(), 150);
    assert_eq!(retry.find(1).await.expect_err("no response").attempts(), 1, "the budget is empty");

    // Any response that isn't a failure of the service is a success, outcome or not.
    let then = |retry: &Retry<MemoryTransport>, status| Retry {
        transport: MemoryTransport::from_fn(move |_| answer(status)),
        ..retry.clone()
    };
    for status in [200, 404] {
        for _ in 0..10 {
            drop(then(&retry, status).make().await);
        }
        assert_eq!(retry.find(1).await.expect_err("no response").attempts(), 2, "{status}");
    }
    // Neither is a request that wasn't sent.
    let refused = Retry {
        transport: MemoryTransport::from_fn(|_| Err(TransportError::not_sent(TransportErrorKind::Refused))),
        ..retry.clone()
    };
    for _ in 0..10 {
        refused.make().await.expect_err("refused");
    }
    assert_eq!(retry.find(1).await.expect_err("no response").attempts(), 1, "refused");
    for _ in 0..10 {
        then(&retry, 500).make().await.expect_err("500 is not declared");
    }
    assert_eq!(retry.find(1).await.expect_err("no response").attempts(), 1, "500");
}

#[tokio::test(start_paused = true)]
async fn successful_retries_never_use_up_the_budget() {
    let failed = AtomicUsize::new(0);
    let memory = MemoryTransport::from_fn(move |_| {
        if failed.fetch_add(1, Ordering::Relaxed) % 2 == 0 { not_connected() } else { Ok(Response::default()) }
    });
    let retry = Retry::new(memory.clone()).max_attempts(2);
    for _ in 0..200 {
        retry.make().await.expect("the second attempt");
    }
    assert_eq!(memory.requests().len(), 400);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_is_the_same_request() {
    let memory = MemoryTransport::new().answer(503, "").answer(503, "").answer(200, "");
    Retry::new(memory.clone()).find(7).header("x-id", "1").await.expect("the third response");
    let requests = memory.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert_eq!((request.method(), request.uri().path()), (&Method::GET, "/things/7"));
        assert_eq!(request.headers()["x-id"], "1");
        assert!(crate::Endpoint::of(&request).is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_nested_retries_one_retries() {
    let memory = MemoryTransport::from_fn(|_| not_connected());
    let two = Retry::new(Retry::new(memory.clone()));
    let error = two.make().max_attempts(4).await.expect_err("no connection");
    assert_eq!((error.attempts(), memory.requests().len()), (4, 4));
    let error = two.max_attempts(1).make().await.expect_err("no connection");
    assert_eq!((error.attempts(), memory.requests().len()), (1, 5), "it isn't retried");
}

/// With a deadline, they share the attempt count.
#[tokio::test(start_paused = true)]
async fn of_two_nested_retries_one_counts() {
    let memory = MemoryTransport::new().answer(503, "").answer(503, "").answer(200, "").answer(200, "");
    let two = Retry::new(Retry::new(memory.clone()));
    let call = || two.find(1).deadline(60 * SECOND).with_response();
    assert_eq!((call().await.expect("the third response").attempts, memory.requests().len()), (3, 3));
    assert_eq!((call().await.expect("the next response").attempts, memory.requests().len()), (1, 4));
}

/// Sends a request twice, as a transport does that refreshes a token.
struct Twice<T>(T);

impl<T: Transport> Transport for Twice<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            drop(self.0.send(try_clone(&request).expect("a whole body")).await);
            self.0.send(request).await
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_an_outer_transport_repeats_gets_its_own_attempts() {
    let memory = MemoryTransport::from_fn(|_| not_connected());
    let call = Twice(Retry::new(memory.clone()));
    let error = call.make().deadline(60 * SECOND).await.expect_err("no connection");
    assert_eq!((error.attempts(), memory.requests().len()), (6, 6));
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_endpoint_is_judged_by_its_method() {
    for (method, attempts) in [(Method::GET, 3), (Method::DELETE, 1)] {
        let memory = MemoryTransport::from_fn(|_| lost());
        let mut request = Request::default();
        *request.method_mut() = method;
        let error = Retry::new(memory.clone()).send(request).await.expect_err("no response");
        assert_eq!((error.attempts(), memory.requests().len()), (attempts, attempts as usize));
    }
}

/// Records how many references to a request's extension exist when it is called, and fails.
struct Holders(Mutex<Vec<usize>>);

impl Transport for Holders {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let held: &Arc<&str> = request.extensions().get().expect("as it was sent");
        self.0.lock().expect("no panic").push(Arc::strong_count(held));
        Box::pin(async { not_connected() })
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_sends_the_original_and_each_earlier_one_a_copy() {
    for (max_attempts, expected) in [(1, &[1][..]), (3, &[2, 2, 1])] {
        let mut request = Request::default();
        request.extensions_mut().insert(Arc::new("held"));
        let retry = Retry::new(Holders(Mutex::default())).max_attempts(max_attempts);
        retry.send(request).await.expect_err("no connection");
        assert_eq!(*retry.transport.0.lock().expect("no panic"), expected);
    }
}
