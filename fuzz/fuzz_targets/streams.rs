//! Any body is read as events and as lines without a panic, within its limit, and with the same result however it is split
//! into chunks. The first byte is the size of the chunks.
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

fuzz_target!(|input: &[u8]| {
    let Some((&size, body)) = input.split_first() else { return };
    let split = || body.chunks(usize::from(size).max(1)).map(<[u8]>::to_vec);
    let whole = || std::iter::once(body.to_vec());
    assert_eq!(events(whole()), events(split()));
    assert_eq!(lines(whole()), lines(split()));
});

/// What the events are, with the text of each error. A body of several chunks may exceed a limit in another chunk, so that
/// the excerpt in the error begins elsewhere.
fn events(chunks: impl Iterator<Item = Vec<u8>>) -> Vec<std::result::Result<(String, Option<String>, String), ()>> {
    let transport = playing(chunks);
    let mut events = now(transport.events()).expect("a declared status").max_event_bytes(LIMIT);
    let next = || now(events.next());
    std::iter::from_fn(next)
        .map(|event| {
            let event = event.map_err(drop)?;
            assert!(event.data.0.len() <= 3 * LIMIT, "a replacement character takes three bytes");
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
