//! The streams that are parsed.

use std::fmt::Write as _;

use bytes::Bytes;

use super::parsers::Data;

#[derive(Clone, Copy)]
pub(crate) struct EventStream {
    /// How many bytes arrive at once; `None` if each event arrives on its own.
    chunk: Option<usize>,
    pub(crate) data: Data,
}

pub(crate) const STREAMS: [(&str, EventStream); 4] = [
    ("text, an event at a time", EventStream { chunk: None, data: Data::Text }),
    ("text, 8 KiB at a time", EventStream { chunk: Some(8192), data: Data::Text }),
    ("JSON, an event at a time", EventStream { chunk: None, data: Data::Json }),
    ("JSON, 8 KiB at a time", EventStream { chunk: Some(8192), data: Data::Json }),
];

impl EventStream {
    /// So many events, in the chunks in which they arrive.
    pub(crate) fn chunks(self, count: usize) -> Vec<Bytes> {
        let mut text = String::new();
        let mut ends = Vec::with_capacity(count);
        for number in 0..count {
            let enqueued = 1_732_366_800_000 + number;
            write!(
                text,
                "event: message\nid: {number}\n\
                data: {{\"id\":\"1-{number:08x}\",\"status\":\"DELIVERED\",\"enqueued\":{enqueued},\"recipient\":\"ada\"}}\n\n"
            )
            .expect("memory");
            ends.push(text.len());
        }
        let text = Bytes::from(text);
        let Some(size) = self.chunk else {
            let starts = std::iter::once(0).chain(ends.iter().copied());
            return starts.zip(&ends).map(|(start, end)| text.slice(start..*end)).collect();
        };
        (0..text.len()).step_by(size).map(|start| text.slice(start..text.len().min(start + size))).collect()
    }
}
