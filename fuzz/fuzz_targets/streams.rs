//! Any body is read as events and as lines without a panic, within its limit, and with the same result however it is split
//! into chunks. Without a limit, the events are those of the standard's own steps. The first byte is the size of the chunks.
#![no_main]

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use courier_core::{Body, Events, Lines, MemoryTransport, Result, Text, Transport, endpoint};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

trait Streams: Transport {
    #[endpoint(GET, "/events", ok = 200)]
    async fn events(&self) -> Result<Events<Text>>;

    #[endpoint(GET, "/lines", ok = 200)]
    async fn lines(&self) -> Result<Lines<Value>>;
}

impl Streams for MemoryTransport {}

const LIMIT: usize = 64;

/// Name, id and data.
type Event = (String, Option<String>, String);

fuzz_target!(|input: &[u8]| {
    let Some((&size, body)) = input.split_first() else { return };
    let split = || body.chunks(usize::from(size).max(1)).map(<[u8]>::to_vec);
    let whole = || std::iter::once(body.to_vec());
    assert_eq!(events(whole(), LIMIT), events(split(), LIMIT));
    let expected: Vec<_> = by_the_standard(body).into_iter().map(Ok).collect();
    assert_eq!(events(split(), usize::MAX), expected);
    assert_eq!(lines(whole()), lines(split()));
});

/// What the events are, with the text of each error. A body of several chunks may exceed a limit in another chunk, so that
/// the excerpt in the error begins elsewhere.
fn events(chunks: impl Iterator<Item = Vec<u8>>, limit: usize) -> Vec<std::result::Result<Event, ()>> {
    let transport = playing(chunks);
    let mut events = now(transport.events()).expect("a declared status").max_event_bytes(limit);
    let next = || now(events.next());
    std::iter::from_fn(next)
        .map(|event| {
            let event = event.map_err(drop)?;
            assert!(event.data.0.len() <= limit.saturating_mul(3), "a replacement character takes three bytes");
            Ok((event.name().to_owned(), event.id().map(str::to_owned), event.data.0))
        })
        .collect()
}

fn lines(chunks: impl Iterator<Item = Vec<u8>>) -> Vec<std::result::Result<Value, ()>> {
    let transport = playing(chunks);
    let mut lines = now(transport.lines()).expect("a declared status").max_line_bytes(LIMIT);
    std::iter::from_fn(|| now(lines.next())).map(|line| line.map_err(drop)).collect()
}

fn playing(chunks: impl Iterator<Item = Vec<u8>>) -> MemoryTransport {
    /// Ready with one chunk after the other.
    struct Chunks(std::vec::IntoIter<Vec<u8>>);

    impl http_body::Body for Chunks {
        type Data = bytes::Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<std::result::Result<http_body::Frame<bytes::Bytes>, Infallible>>> {
            Poll::Ready(self.0.next().map(|chunk| Ok(http_body::Frame::data(chunk.into()))))
        }
    }

    let chunks: Vec<_> = chunks.collect();
    MemoryTransport::new().answer(200, Body::new(Chunks(chunks.into_iter())))
}

fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("nothing waits for a network"),
    }
}

/// "9.2.6 Interpreting an event stream", step by step.
fn by_the_standard(stream: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(stream).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (mut data, mut name, mut id) = (String::new(), String::new(), String::new());
    let mut events = Vec::new();
    let mut lines: Vec<&str> = text.split('\n').collect();
    // It has no end.
    lines.pop();
    for line in lines {
        if line.is_empty() {
            if data.pop().is_some() {
                let name = if name.is_empty() { "message".to_owned() } else { name.clone() };
                events.push((name, Some(id.clone()).filter(|id| !id.is_empty()), data.clone()));
            }
            data.clear();
            name.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "data" => data.extend([value, "\n"]),
            "id" if !value.contains('\0') => value.clone_into(&mut id),
            _ => {}
        }
    }
    events
}
