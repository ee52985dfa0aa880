//! `Reconnecting`: a stream of events that is opened again when it ends.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{Body, Error, Events, MemoryTransport, Reconnecting, Result, Text, Transport, endpoint};
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, sleep, timeout};

trait Feeds: Transport {
    #[endpoint(GET, "/feed", ok = 200)]
    async fn feed(&self) -> Result<Events<Text>>;
    #[endpoint(POST, "/chat", ok = 200)]
    async fn chat(&self) -> Result<Events<Text>>;
    #[endpoint(POST, "/query", ok = 200, idempotent)]
    async fn query(&self) -> Result<Events<Text>>;
}
impl<T: Transport> Feeds for T {}

const SECOND: Duration = Duration::from_secs(1);

fn feed(transport: MemoryTransport, body: impl Into<Body>) -> MemoryTransport {
    transport.answer_with(200, [("content-type", "text/event-stream")], body)
}

fn lost() -> TransportError {
    TransportError::not_sent(TransportErrorKind::Connect)
}

/// The header of each request.
fn ids(transport: &MemoryTransport) -> Vec<Option<String>> {
    let id = |request: &courier_core::WholeRequest| {
        request.headers().get("last-event-id").map(|id| id.to_str().expect("ASCII").to_owned())
    };
    transport.requests().iter().map(id).collect()
}

#[tokio::test(start_paused = true)]
async fn each_connection_continues_after_the_last_event() {
    let transport = feed(MemoryTransport::new(), "id: 1\ndata: a\n\nid: 2\ndata: b\n\n");
    let broken = stream::iter([Ok("data: c\n\nid: 3\n\ndata: lo"), Err(io::Error::other("cut"))]);
    let transport = feed(transport, Body::from_stream(broken)).play(Err(lost()));
    let transport = feed(transport, "data: d\n\n").answer(204, "");

    let mut events = Reconnecting::new(|| transport.feed());
    let mut data = Vec::new();
    while let Some(event) = events.next().await {
        data.push(event.expect("readable").data.0);
    }
    assert_eq!(data, ["a", "b", "c", "d"]);
    let ids = ids(&transport);
    assert_eq!(
        ids.iter().map(Option::as_deref).collect::<Vec<_>>(),
        [None, Some("2"), Some("3"), Some("3"), Some("3")]
    );
    assert_eq!(events.last_event_id(), Some("3"));
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_run_can_begin_after_the_event_of_an_earlier_one() {
    let transport = feed(MemoryTransport::new(), "data: a\n\n");
    let mut events = Reconnecting::new(|| transport.feed()).after("41");
    events.next().await.expect("an event").expect("readable");
    assert_eq!(ids(&transport), [Some("41".to_owned())]);
}

/// The waits before the calls that follow the first one.
async fn waits(transport: MemoryTransport, count: usize) -> Vec<Duration> {
    let mut events = Reconnecting::new(|| transport.feed());
    let mut waits = Vec::new();
    let mut start = Instant::now();
    while waits.len() < count {
        let event = events.next().await.expect("an event").expect("readable");
        if event.data.0 != "first" {
            waits.push(start.elapsed());
        }
        start = Instant::now();
    }
    waits
}

#[tokio::test(start_paused = true)]
async fn a_wait_is_as_long_as_the_server_asks_and_never_shorter_than_the_backoff() {
    let transport = feed(MemoryTransport::new(), "data: first\n\n");
    let transport = feed(transport, "retry: 10\ndata: soon\n\n");
    let transport = feed(transport, "retry: 5000\ndata: b\n\n");
    let transport = feed(transport, "data: c\n\n").answer_with(503, [("retry-after", "9")], "");
    let transport = feed(transport, "data: d\n\n").answer(503, "");
    let transport = feed(transport, "retry: 99999999999\ndata: e\n\n");
    let transport = feed(transport, "data: f\n\n");
    let waits = waits(transport, 6).await;
    let seconds: Vec<_> = waits.iter().map(Duration::as_secs_f64).collect();
    assert!((0.5..=1.1).contains(&seconds[0]) && (0.5..=1.1).contains(&seconds[1]), "{seconds:?}");
    assert!((5.0..5.1).contains(&seconds[2]), "`retry: 5000`: {seconds:?}");
    assert!((14.0..14.1).contains(&seconds[3]), "5 seconds and `retry-after: 9`: {seconds:?}");
    assert!((10.0..10.1).contains(&seconds[4]), "`retry` stays: {seconds:?}");
    assert!((3600.0..3601.0).contains(&seconds[5]), "at most an hour: {seconds:?}");
}

#[tokio::test(start_paused = true)]
async fn waits_double_without_an_event_and_it_ends_after_ten_failures() {
    let transport = MemoryTransport::from_fn(|_| Err(lost()));
    let start = Instant::now();
    let mut events = Reconnecting::new(|| transport.feed());
    let error = events.next().await.expect("an error").expect_err("ten failures");
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(transport.requests().len(), 10);
    // Half of 1 + 2 + 4 + 8 × 6, or all of it.
    let seconds = start.elapsed().as_secs_f64();
    assert!((27.0..=56.0).contains(&seconds), "{seconds}");
    assert!(events.next().await.is_none());

    let transport = MemoryTransport::from_fn(|_| Err(lost()));
    Reconnecting::new(|| transport.feed()).max_failures(2).next().await.expect("an error").expect_err("two failures");
    assert_eq!(transport.requests().len(), 2);
}

/// A load balancer may end each connection after a minute, while nothing happens for an hour.
#[tokio::test(start_paused = true)]
async fn a_connection_with_a_comment_is_not_a_failure_and_one_without_a_byte_is() {
    let mut transport = MemoryTransport::new();
    for _ in 0..60 {
        transport = feed(transport, ": still here\n\n");
    }
    let transport = feed(transport, "data: a\n\n");
    let mut events = Reconnecting::new(|| transport.feed());
    assert_eq!(events.next().await.expect("an event").expect("readable").data.0, "a");
    assert_eq!(transport.requests().len(), 61);

    let mut transport = MemoryTransport::new();
    for _ in 0..60 {
        transport = feed(transport, "");
    }
    assert!(Reconnecting::new(|| transport.feed()).next().await.is_none());
    assert_eq!(transport.requests().len(), 10);
}

/// Sets a flag when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_it_closes_the_connection_and_nothing_more_is_sent() {
    let is_dropped = Arc::new(AtomicBool::new(false));
    let guard = Dropped(Arc::clone(&is_dropped));
    let endless = stream::pending::<io::Result<&str>>().map(move |chunk| {
        let _ = &guard;
        chunk
    });
    let transport = feed(MemoryTransport::new(), Body::from_stream(endless));
    let mut events = Reconnecting::new(|| transport.feed());
    timeout(SECOND, events.next()).await.expect_err("nothing arrives");
    drop(events);
    assert!(is_dropped.load(Ordering::SeqCst));

    let transport = MemoryTransport::from_fn(|_| Err(lost()));
    let mut events = Reconnecting::new(|| transport.feed());
    timeout(SECOND / 10, events.next()).await.expect_err("it waits");
    drop(events);
    sleep(100 * SECOND).await;
    assert_eq!(transport.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_resets_the_failures() {
    let mut transport = MemoryTransport::new();
    for _ in 0..30 {
        transport = feed(transport.play(Err(lost())), "data: a\n\n");
    }
    let events = Reconnecting::new(|| transport.feed()).max_failures(2);
    assert_eq!(events.take(30).filter(|event| std::future::ready(event.is_ok())).count().await, 30);
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_an_error_that_another_call_would_not_change() {
    for status in [400, 401, 403, 404, 501] {
        let transport = MemoryTransport::new().answer(status, "");
        let error = Reconnecting::new(|| transport.feed()).next().await.expect("an error").expect_err("undeclared");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(transport.requests().len(), 1);
    }
    let page = MemoryTransport::new().answer_with(200, [("content-type", "text/html")], "<html>");
    let error = Reconnecting::new(|| page.feed()).next().await.expect("an error").expect_err("html");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(page.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_id_is_sent_as_it_was_received_or_the_stream_ends_with_an_error_that_names_the_header() {
    let transport = feed(MemoryTransport::new(), "id: a/7 8\ndata: a\n\n").answer(204, "");
    assert_eq!(Reconnecting::new(|| transport.feed()).count().await, 1);
    assert_eq!(transport.requests()[1].headers()["last-event-id"], "a/7 8");

    for id in ["7 ", "7\t8", "7\u{1}", "\u{fc}"] {
        let transport = feed(MemoryTransport::new(), format!("id: {id}\ndata: a\n\n"));
        let mut events = Reconnecting::new(|| transport.feed());
        events.next().await.expect("an event").expect("readable");
        let start = Instant::now();
        let error = events.next().await.expect("an error").expect_err("an id that no header can have");
        assert!(start.elapsed() < 2 * SECOND, "another attempt would not change it");
        assert!(matches!(error, Error::Invalid { .. }) && error.to_string().contains("last-event-id"), "{error}");
        assert!(events.next().await.is_none());
        assert_eq!(transport.requests().len(), 1, "{id:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn only_a_call_that_may_be_repeated_is_made() {
    let transport = MemoryTransport::new();
    let mut events = Reconnecting::new(|| transport.chat());
    let error = events.next().await.expect("an error").expect_err("refused");
    assert!(error.to_string().contains("declare the endpoint `idempotent`"), "{error}");
    assert!(transport.requests().is_empty() && events.next().await.is_none());

    let transport = feed(feed(MemoryTransport::new(), "data: a\n\n"), "data: b\n\n").answer(204, "");
    assert_eq!(Reconnecting::new(|| transport.query()).count().await, 2);
}

#[tokio::test(start_paused = true)]
async fn the_final_event_ends_it() {
    let transport = feed(MemoryTransport::new(), "data: a\n\ndata: [DONE]\n\n");
    let events = Reconnecting::new(|| transport.feed()).until("[DONE]");
    assert_eq!(events.count().await, 1);
    assert_eq!(transport.requests().len(), 1);

    // A connection that ends before it is continued.
    let transport = feed(MemoryTransport::new(), "id: 1\ndata: a\n\n");
    let transport = feed(transport, "data: b\n\ndata: [DONE]\n\n");
    let events = Reconnecting::new(|| transport.feed()).until("[DONE]");
    assert_eq!(events.filter(|event| std::future::ready(event.is_ok())).count().await, 2);
    assert_eq!(ids(&transport), [None, Some("1".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_followed_for_an_hour_over_pauses_and_lost_connections() {
    // Each connection sends an event every 25 seconds and a comment in between, and is lost after ten minutes.
    let transport = MemoryTransport::from_fn(|request| {
        let after: u64 = request
            .headers()
            .get("last-event-id")
            .map_or(0, |id| id.to_str().expect("ASCII").parse().expect("a number"));
        let pieces = stream::unfold(0, move |count| async move {
            sleep(25 * SECOND).await;
            let id = after + count + 1;
            Some(if count == 24 {
                (Err(io::Error::other("lost")), count)
            } else {
                (Ok(format!(": still here\n\nid: {id}\ndata: {id}\n\n")), count + 1)
            })
        });
        let mut response = courier_core::Response::new(Body::from_stream(pieces));
        response.headers_mut().insert("content-type", http::HeaderValue::from_static("text/event-stream"));
        Ok(response)
    });
    let start = Instant::now();
    let mut events = Reconnecting::new(|| transport.feed());
    let mut count = 0;
    while start.elapsed() < 3600 * SECOND {
        count += 1;
        assert_eq!(events.next().await.expect("an event").expect("readable").data.0, count.to_string());
    }
    assert!((135..=144).contains(&count) && (5..=7).contains(&transport.requests().len()), "{count} events");
}
