//! Any stream of events, in any chunks, is read as the standard's own steps read it as a whole, and its lines as a whole text's.
#![no_main]

use std::convert::Infallible;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use courier_core::{Body, Error, Events, Lines, MemoryTransport, Result, Text, Transport, endpoint};
use futures_util::StreamExt as _;
use futures_util::stream::iter;
use libfuzzer_sys::fuzz_target;

trait Streams: Transport {
    #[endpoint(GET, "/events", ok = 200)]
    async fn events(&self) -> Result<Events<Text>>;

    #[endpoint(GET, "/lines", ok = 200)]
    async fn lines(&self) -> Result<Lines<serde_json::Value>>;
}

impl Streams for MemoryTransport {}

/// Name, id and data.
type Event = (String, Option<String>, String);

// The input: a line with a digit per chunk, its length, and the stream.
fuzz_target!(|bytes: &[u8]| {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let (lengths, stream) = (&bytes[..end], bytes.get(end + 1..).unwrap_or_default());
    let body = || {
        let mut rest = stream;
        let mut chunks = Vec::new();
        for length in lengths {
            let (chunk, after) = rest.split_at(rest.len().min(usize::from(length.wrapping_sub(b'0'))));
            chunks.push(chunk.to_vec());
            rest = after;
        }
        chunks.push(rest.to_vec());
        MemoryTransport::new().answer(200, Body::from_stream(iter(chunks.into_iter().map(Ok::<_, Infallible>))))
    };
    ready(async {
        let mut events = body().events().await.expect("a declared status");
        let mut read = Vec::new();
        while let Some(event) = events.next().await {
            let event = event.expect("text is always readable");
            read.push((event.name().to_owned(), event.id().map(str::to_owned), event.data.0));
        }
        let (expected, last_id) = by_the_standard(stream);
        assert_eq!(read, expected);
        assert_eq!(events.last_event_id().unwrap_or_default(), last_id);

        let read: Vec<_> = body().lines().await.expect("a declared status").collect().await;
        let stream = stream.strip_prefix(b"\xef\xbb\xbf").unwrap_or(stream);
        let is_line = |line: &&[u8]| !line.trim_ascii().is_empty();
        let expected: Vec<_> = stream.split(|byte| *byte == b'\n').filter(is_line).collect();
        assert_eq!(read.len(), expected.len());
        for (value, line) in read.into_iter().zip(expected) {
            let json = str::from_utf8(line).ok().and_then(|line| serde_json::from_str(line).ok());
            match value {
                Ok(value) => assert_eq!(Some(value), json),
                Err(error) => assert!(matches!(error, Error::Decode { .. }) && json.is_none(), "{error}"),
            }
        }
    });
});

/// Everything is in memory, so nothing is waited for.
fn ready(future: impl Future<Output = ()>) {
    let Poll::Ready(()) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else { panic!("it is pending") };
}

/// "9.2.6 Interpreting an event stream", step by step: the events, and the last event id.
fn by_the_standard(stream: &[u8]) -> (Vec<Event>, String) {
    let text = String::from_utf8_lossy(stream).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (mut data, mut name, mut id) = (String::new(), String::new(), String::new());
    let (mut events, mut last_id) = (Vec::new(), String::new());
    let mut lines: Vec<&str> = text.split('\n').collect();
    // It has no end.
    lines.pop();
    for line in lines {
        if line.is_empty() {
            last_id.clone_from(&id);
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
    (events, last_id)
}
