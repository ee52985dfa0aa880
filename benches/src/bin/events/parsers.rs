//! The parsers, each with what its documentation shows for a stream of bytes.

use std::convert::Infallible;

use anyhow::{Result, ensure};
use bytes::Bytes;
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

pub(crate) const PARSERS: [(&str, Parser); 4] = [
    ("eventsource-stream", |chunks, data, most| {
        sum(eventsource_stream::EventStream::new(arriving(chunks)), |event| data.read(&event.data), most)
    }),
    ("sse-parse", |chunks, data, most| {
        sum(sse_parse::EventStream::new(arriving(chunks)), |event| data.read(&event.data), most)
    }),
    ("sse-stream", |chunks, data, most| {
        let events = sse_stream::SseByteStream::new(arriving(chunks));
        sum(events, |event| data.read(event.data.as_deref().unwrap_or_default()), most)
    }),
    ("sseer", |chunks, data, most| {
        sum(sseer::event_stream::EventStream::new(arriving(chunks)), |event| data.read(&event.data), most)
    }),
];

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
    let (count, sum) = futures_executor::block_on(count_and_sum)?;
    ensure!(count == most, "{count} events were read instead of {most}");
    Ok(sum)
}
