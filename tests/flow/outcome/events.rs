//! `Events`: server-sent events, read as they arrive.

use std::io;
use std::time::Duration;

use courier_core::{
    Body, DecodeError, Error, Event, Events, FromEvent, MemoryTransport, Result, Secret, Text, Transport, endpoint,
};
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
struct Token {
    text: String,
}

#[derive(Debug, PartialEq)]
enum Update {
    Progress(u8),
    Done,
}

impl FromEvent for Update {
    fn from_event(name: &str, data: &str) -> std::result::Result<Self, DecodeError> {
        match name {
            "progress" => u8::from_event(name, data).map(Self::Progress),
            "done" => Ok(Self::Done),
            other => Err(DecodeError::new(format!("unknown event `{other}`"))),
        }
    }
}

trait Feeds: Transport {
    #[endpoint(GET, "/feed", ok = 200)]
    async fn text(&self) -> Result<Events<Text>>;
    #[endpoint(POST, "/chat", ok = 200)]
    async fn chat(&self) -> Result<Events<Token>>;
    #[endpoint(GET, "/job", ok = 200)]
    async fn job(&self) -> Result<Events<Update>>;
    #[endpoint(GET, "/job", ok = 200 | 204)]
    async fn perhaps(&self) -> Result<Option<Events<Update>>>;
}
impl<T: Transport> Feeds for T {}

const TYPE: [(&str, &str); 1] = [("content-type", "text/event-stream; charset=utf-8")];

fn playing(body: impl Into<Body>) -> MemoryTransport {
    MemoryTransport::new().answer_with(200, TYPE, body)
}

fn shown(event: &Event<Text>) -> (&str, Option<&str>, &str) {
    (event.name(), event.id(), &event.data.0)
}

#[tokio::test]
async fn an_event_has_a_name_an_id_and_data_and_is_returned_when_it_arrived() {
    let first = stream::iter([Ok::<_, io::Error>("event: add\nid: 7\nda"), Ok("ta: a\ndata: b\n\ndata: c")]);
    let transport = playing(Body::from_stream(first.chain(stream::pending())));
    let mut events = transport.text().await.expect("events");
    assert_eq!(transport.requests()[0].headers()["accept"], "text/event-stream");
    let event = events.next().now_or_never().expect("it arrived").expect("an event").expect("readable");
    assert_eq!(shown(&event), ("add", Some("7"), "a\nb"));
    assert!(events.next().now_or_never().is_none(), "it may continue");
    assert_eq!(events.last_event_id(), Some("7"));
}

#[tokio::test]
async fn data_is_json_or_text_or_what_the_name_says() {
    let chat = playing("data: {\"text\": \"Hel\"}\n\ndata: {\"text\": \"lo\"}\n\n").chat().await.expect("events");
    let tokens: Vec<_> = chat.map_ok(|event| event.data.text).try_collect().await.expect("readable");
    assert_eq!(tokens.concat(), "Hello");

    let job = playing("event: progress\ndata: 50\n\nevent: done\ndata\n\n").job().await.expect("events");
    let updates: Vec<_> = job.map_ok(|event| event.data).try_collect().await.expect("readable");
    assert_eq!(updates, [Update::Progress(50), Update::Done]);
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_an_error_with_its_number_and_the_next_one_follows() {
    let mut chat = playing("data: {\"text\": 1}\n\ndata\n\ndata: {\"text\": \"b\"}\n\n").chat().await.expect("events");
    let error = chat.next().await.expect("an event").expect_err("not a text");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.body().expect("the data"), "{\"text\": 1}");
    assert!(error.to_string().contains("event 1: at `text`: invalid type: integer `1`"), "{error}");
    let error = chat.next().await.expect("an event").expect_err("empty");
    assert!(error.to_string().contains("event 2: it is empty, but JSON was expected"), "{error}");
    assert_eq!(chat.next().await.expect("an event").expect("readable").data.text, "b");
    assert!(chat.next().await.is_none());

    let error = playing("data: 1\n\n").job().await.expect("events").next().await.expect("an event");
    assert!(error.expect_err("unknown").to_string().contains("event 1: unknown event `message`"));
}

#[tokio::test]
async fn an_event_with_the_final_data_ends_the_stream() {
    let stream = "data: {\"text\": \"a\"}\n\ndata: [DONE]\n\ndata: {\"text\": \"b\"}\n\n";
    let mut chat = playing(stream).chat().await.expect("events").until("[DONE]");
    assert_eq!(chat.next().await.expect("an event").expect("readable").data.text, "a");
    assert!(chat.next().await.is_none());
    assert!(chat.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_ends_without_its_final_data_is_an_error() {
    let mut chat = playing("data: {\"text\": \"Hel\"}\n\n").chat().await.expect("events").until("[DONE]");
    assert_eq!(chat.next().await.expect("an event").expect("readable").data.text, "Hel");
    let error = chat.next().await.expect("an error").expect_err("incomplete");
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(error.to_string().contains("the stream ended without the event `[DONE]` (`until`)"), "{error}");
    assert!(chat.next().await.is_none());
}

#[tokio::test]
async fn a_body_with_another_content_type_is_an_error_and_not_silence() {
    let page = MemoryTransport::new().answer_with(200, [("content-type", "text/html")], "<html>Log in</html>");
    let mut events = page.text().await.expect("events");
    let error = events.next().await.expect("an error").expect_err("html");
    let text = error.to_string();
    assert!(text.contains("server-sent events have the content type `text/event-stream`"), "{text}");
    assert!(text.contains("content-type text/html") && text.contains("<html>Log in</html>"), "{text}");
    assert!(events.next().await.is_none());

    for content_type in ["text/event-stream", "Text/Event-Stream ; charset=utf-8"] {
        let same = MemoryTransport::new().answer_with(200, [("content-type", content_type)], "data: a\n\n");
        same.text().await.expect("events").next().await.expect("an event").expect("readable");
    }
    MemoryTransport::new()
        .answer(200, "data: a\n\n")
        .text()
        .await
        .expect("events")
        .next()
        .await
        .expect("an event")
        .expect("readable");
}

#[tokio::test]
async fn an_event_that_is_too_large_ends_the_stream() {
    let mut events = playing("data: 1\n\ndata: 12345\n\ndata: 1\n\n").text().await.expect("events").max_event_bytes(9);
    events.next().await.expect("an event").expect("small enough");
    let error = events.next().await.expect("an event").expect_err("too large");
    assert!(error.to_string().contains("event 2: it has more than 9 bytes (`max_event_bytes`)"), "{error}");
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn the_wait_that_the_server_asks_for_is_known() {
    let mut events = playing("retry: 1500\n\n: nothing else\n\n").text().await.expect("events");
    assert_eq!(events.retry(), None);
    assert!(events.next().await.is_none());
    assert_eq!(events.retry(), Some(Duration::from_millis(1500)));
}

#[tokio::test]
async fn an_option_of_events_is_none_for_a_204() {
    assert!(MemoryTransport::new().answer(204, "").perhaps().await.expect("declared").is_none());
    assert!(playing("data: 1\n\n").perhaps().await.expect("declared").is_some());
}

#[tokio::test]
async fn a_secret_that_a_server_echoes_in_an_event_is_not_shown() {
    let call = playing("data: \"s3cret-t0ken\"\n\n");
    let mut events = call.chat().header("authorization", "Bearer s3cret-t0ken").await.expect("events");
    let error = events.next().await.expect("an event").expect_err("not a token");
    let texts = format!("{error} {error:?} {error:#} {events:?}");
    assert!(!texts.contains("s3cret-t0ken") && texts.contains("[redacted]"), "{texts}");
}

#[tokio::test]
async fn a_secret_that_is_cut_in_the_error_of_a_stream_is_not_shown() {
    let echoes = ["s3cret/t0ken", "s3cret\\/t0ken", "s3cret%2Ft0ken"];
    for (echo, content_type) in echoes.into_iter().flat_map(|echo| [(echo, "text/event-stream"), (echo, "text/html")]) {
        // Several in a row show as a few characters, and then what follows them.
        for end in 1..echo.len() {
            for text in [format!("data: {echo}"), format!("data: {}", echo.repeat(60))] {
                let (first, second) = text.as_bytes().split_at(text.len() - end);
                let chunks = [first, second].map(|chunk| Ok::<_, io::Error>(chunk.to_vec()));
                let body = Body::from_stream(stream::iter(chunks).chain(stream::pending()));
                let transport = MemoryTransport::new().answer_with(200, [("content-type", content_type)], body);
                let call = transport.text().secret_header("x-token", &Secret::new("s3cret/t0ken"));
                let mut events = call.await.expect("events").max_event_bytes(text.len() - 1);
                let error = events.next().await.expect("an event").expect_err("too large, or a page");
                let shown = format!("{error} {error:?} {error:#}");
                assert!(
                    !shown.contains("s3c") && !shown.contains("t0k"),
                    "cut {end} before the end of {echo}: {shown}"
                );
            }
        }
    }
}
