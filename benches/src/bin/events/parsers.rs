//! The parsers, each with what its documentation shows for a stream of bytes.

use std::convert::Infallible;

use anyhow::{Result, ensure};
use bytes::Bytes;
use courier_core::{Body, Events, MemoryTransport, Text, Transport, endpoint};
use futures_executor::block_on;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;

/// The same record as JSON in the data of every event.
#[derive(Deserialize)]
pub(crate) struct Message {
    #[expect(dead_code, reason = "only decoded")]
    id: String,
    #[expect(dead_code, reason = "only decoded")]
    status: String,
    enqueued: u64,
    #[expect(dead_code, reason = "only decoded")]
    recipient: String,
}

/// What becomes of an event's data.
#[derive(Clone, Copy)]
pub(crate) enum Data {
    Text,
    Json,
}

impl Data {
    /// A number that shows that the data was read.
    fn read(self, data: &str) -> Result<u64> {
        match self {
            Self::Text => Ok(data.len() as u64),
            Self::Json => Ok(serde_json::from_str::<Message>(data)?.enqueued),
        }
    }
}

/// Reads the first events of a stream, and returns the sum of the numbers.
pub(crate) type Parser = fn(Vec<Bytes>, Data, usize) -> Result<u64>;

pub(crate) const PARSERS: [(&str, Parser); 5] = [
    ("courier", |chunks, data, most| {
        let headers = [("content-type", "text/event-stream")];
        let transport = MemoryTransport::new().answer_with(200, headers, Body::from_stream(arriving(chunks)));
        match data {
            Data::Text => sum(block_on(transport.text())?, |event| Ok(event.data.0.len() as u64), most),
            Data::Json => sum(block_on(transport.json())?, |event| Ok(event.data.enqueued), most),
        }
    }),
    ("eventsource-stream", |chunks, data, most| {
        sum(eventsource_stream::EventStream::new(response(chunks)), |event| data.read(&event.data), most)
    }),
    ("sse-parse", |chunks, data, most| {
        sum(sse_parse::EventStream::new(response(chunks)), |event| data.read(&event.data), most)
    }),
    ("sse-stream", |chunks, data, most| {
        let events = sse_stream::SseByteStream::new(response(chunks));
        sum(events, |event| data.read(event.data.as_deref().unwrap_or_default()), most)
    }),
    ("sseer", |chunks, data, most| {
        sum(sseer::event_stream::EventStream::new(response(chunks)), |event| data.read(&event.data), most)
    }),
];

trait Feed: Transport {
    #[endpoint(GET, "/text", ok = 200)]
    async fn text(&self) -> courier_core::Result<Events<Text>>;

    #[endpoint(GET, "/json", ok = 200)]
    async fn json(&self) -> courier_core::Result<Events<Message>>;
}
impl<T: Transport + ?Sized> Feed for T {}

/// The body of a response as a program without this library gets it.
fn response(chunks: Vec<Bytes>) -> impl Stream<Item = reqwest::Result<Bytes>> + Unpin {
    let body = reqwest::Body::wrap_stream(arriving(chunks));
    reqwest::Response::from(http::Response::new(body)).bytes_stream()
}

fn arriving(chunks: Vec<Bytes>) -> impl Stream<Item = Result<Bytes, Infallible>> + Unpin + Send + 'static {
    stream::iter(chunks).map(Ok)
}

fn sum<T, E>(events: impl Stream<Item = Result<T, E>>, number: impl Fn(T) -> Result<u64>, most: usize) -> Result<u64>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let count_and_sum = events.take(most).map_err(anyhow::Error::from).try_fold((0, 0), |(count, sum), event| {
        std::future::ready(number(event).map(|number| (count + 1, sum + number)))
    });
    let (count, sum) = block_on(count_and_sum)?;
    ensure!(count == most, "{count} events were read instead of {most}");
    Ok(sum)
}
