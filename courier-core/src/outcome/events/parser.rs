//! Server-sent events from bytes: "9.2.6 Interpreting an event stream" of the HTML standard. No I/O.
//!
//! The events don't depend on how the stream is split into chunks. Data that is one line within one chunk is read in place;
//! anything else is collected in a buffer. The standard decodes the whole stream as UTF-8 and replaces what is invalid.
//! Only the values that matter are decoded here, with the same result: line ends and colons are never a part of a longer
//! sequence.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use memchr::{memchr, memchr2};

use crate::outcome::byte_order_mark::ByteOrderMark;

/// Turns chunks into events: [`push`](Self::push) a chunk, then take events with [`next`](Self::next) until it returns `None`.
#[derive(Debug)]
pub(super) struct Parser {
    chunk: Bytes,
    /// Where the rest of the chunk begins that isn't parsed yet.
    position: usize,
    mark: ByteOrderMark,
    /// Whether the previous chunk ended with a CR. An LF at the beginning of this one belongs to it.
    after_cr: bool,
    /// The beginning of the current line, from previous chunks.
    line: Vec<u8>,
    /// Whether the current line began in a previous chunk and has no effect, so that nothing of it is kept.
    ignores_line: bool,
    event: Pending,
}

/// An event, as far as its lines were read, and what outlasts it.
#[derive(Debug)]
struct Pending {
    limit: usize,
    /// The size of its lines so far.
    size: usize,
    data: Place,
    /// Data that isn't in the current chunk, or has several lines.
    buffer: Vec<u8>,
    has_name: bool,
    /// The name of this event or of an earlier one, kept because most events of a stream have the same few names.
    name: Option<Arc<str>>,
    /// The id that becomes the last event id when the event ends. An empty one resets it.
    new_id: Option<Arc<str>>,
    last_id: Option<Arc<str>>,
    retry: Option<Duration>,
}

/// Where an event's data is.
#[derive(Debug, Default)]
enum Place {
    /// Nowhere: no `data` line was read.
    #[default]
    Nowhere,
    /// In this part of the current chunk.
    Chunk(Range<usize>),
    /// In the buffer, from this position.
    Buffer(usize),
}

/// An event, whose data may still be in the parser.
#[derive(Debug)]
pub(super) struct Parsed<'p> {
    /// `None` means "message".
    pub(super) name: Option<Arc<str>>,
    /// The last event id: of this event, or of an earlier one. `None` means an empty one.
    pub(super) id: Option<Arc<str>>,
    pub(super) data: Cow<'p, str>,
}

/// An event is larger than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

#[derive(Clone, Copy)]
enum Field {
    Data,
    Event,
    Id,
    Retry,
}

impl Parser {
    /// `limit` is the largest size of an event in bytes: of its lines without line ends, comments and unknown fields.
    pub(super) fn new(limit: usize) -> Self {
        let event = Pending {
            limit,
            size: 0,
            data: Place::Nowhere,
            buffer: Vec::new(),
            has_name: false,
            name: None,
            new_id: None,
            last_id: None,
            retry: None,
        };
        let chunk = Bytes::new();
        Self {
            chunk,
            position: 0,
            mark: ByteOrderMark::default(),
            after_cr: false,
            line: Vec::new(),
            ignores_line: false,
            event,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.event.limit
    }

    /// Changes the limit for what isn't read yet.
    pub(super) fn set_limit(&mut self, limit: usize) {
        self.event.limit = limit;
    }

    /// Continues after an event with this id.
    pub(super) fn set_last_id(&mut self, id: Option<Arc<str>>) {
        self.event.last_id = id;
    }

    /// The id of the last event, even one without data. `None` means an empty one.
    pub(super) fn last_id(&self) -> Option<&Arc<str>> {
        self.event.last_id.as_ref()
    }

    /// The time to wait before reconnecting, if the server set one.
    pub(super) fn retry(&self) -> Option<Duration> {
        self.event.retry
    }

    /// Adds a chunk, after [`next`](Self::next) returned no more events of the previous one.
    pub(super) fn push(&mut self, chunk: Bytes) {
        debug_assert_eq!(self.position, self.chunk.len(), "the previous chunk must be parsed first");
        self.position = self.mark.skip(&mut self.line, &chunk);
        if let Some(&first) = chunk.first() {
            if self.after_cr && first == b'\n' {
                self.position = 1;
            }
            self.after_cr = false;
        }
        self.chunk = chunk;
    }

    /// The next event; `None` if another chunk is needed.
    pub(super) fn next(&mut self) -> Result<Option<Parsed<'_>>, TooLarge> {
        while let Some(line) = self.next_line() {
            if self.ignores_line {
                self.ignores_line = false;
            } else if !self.line.is_empty() {
                self.line.extend_from_slice(&self.chunk[line]);
                self.event.add_kept(&mut self.line)?;
            } else if !line.is_empty() {
                let start = line.start;
                if let Err(too_large) = self.event.add(&self.chunk, line) {
                    self.position = start;
                    return Err(too_large);
                }
            } else if let Some(data) = self.event.end() {
                return Ok(Some(self.event.parsed(data, &self.chunk)));
            }
        }
        self.keep_rest()?;
        Ok(None)
    }

    /// Forgets what isn't parsed yet.
    pub(super) fn clear(&mut self) {
        self.position = self.chunk.len();
        self.line.clear();
        self.event.end();
    }

    /// Returns the beginning of what isn't parsed yet, for an error.
    pub(super) fn beginning(&self) -> Bytes {
        let line = if self.line.is_empty() { &self.chunk[self.position..] } else { &self.line[..] };
        Bytes::copy_from_slice(&line[..line.len().min(BEGINNING)])
    }

    /// The next line that ends in this chunk, without its end: LF, CR or both. What follows a CR isn't waited for.
    fn next_line(&mut self) -> Option<Range<usize>> {
        let start = self.position;
        let rest = &self.chunk[start..];
        // The blank line after an event isn't worth a search.
        let length = match rest.first()? {
            b'\n' | b'\r' => 0,
            _ => memchr2(b'\n', b'\r', rest)?,
        };
        let mut next = length + 1;
        if rest[length] == b'\r' {
            match rest.get(next) {
                Some(b'\n') => next += 1,
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        self.position = start + next;
        Some(start..start + length)
    }

    /// Keeps what the next chunk continues.
    fn keep_rest(&mut self) -> Result<(), TooLarge> {
        let rest = &self.chunk[self.position..];
        self.position = self.chunk.len();
        self.event.keep_data(&self.chunk);
        // Most chunks end with an event. Comparing an empty beginning with the names is slow.
        if rest.is_empty() || self.ignores_line || self.mark.may_follow() {
            return Ok(());
        }
        // Nothing of a comment is kept, however long it is, so the beginning comes first.
        let missing = Field::LONGEST_BEGINNING.saturating_sub(self.line.len());
        let (beginning, more) = rest.split_at(missing.min(rest.len()));
        self.line.extend_from_slice(beginning);
        if !Field::may_begin(&self.line) {
            self.ignores_line = true;
            self.line.clear();
            return Ok(());
        }
        // A shorter beginning may still become an unknown field, which has no limit.
        if self.line.len() >= Field::LONGEST_BEGINNING {
            if let Err(too_large) = self.event.check(self.line.len() + more.len()) {
                self.line.extend_from_slice(&more[..more.len().min(BEGINNING)]);
                return Err(too_large);
            }
        }
        self.line.extend_from_slice(more);
        Ok(())
    }
}

impl Pending {
    fn check(&self, line_length: usize) -> Result<(), TooLarge> {
        if line_length > self.limit.saturating_sub(self.size) { Err(TooLarge) } else { Ok(()) }
    }

    /// Reads a line of this chunk.
    fn add(&mut self, chunk: &[u8], line: Range<usize>) -> Result<(), TooLarge> {
        let end = line.end;
        let Some((field, value)) = self.count(&chunk[line])? else { return Ok(()) };
        match (field, &self.data) {
            (Field::Data, Place::Nowhere) => self.data = Place::Chunk(end - value.len()..end),
            (Field::Data, _) => {
                self.keep_data(chunk);
                self.append(value);
            }
            (field, _) => self.set(field, value),
        }
        Ok(())
    }

    /// Reads a line that began in a previous chunk, and clears it.
    fn add_kept(&mut self, line: &mut Vec<u8>) -> Result<(), TooLarge> {
        match self.count(line)? {
            Some((Field::Data, value)) if matches!(self.data, Place::Nowhere) => {
                self.data = Place::Buffer(line.len() - value.len());
                std::mem::swap(line, &mut self.buffer);
            }
            Some((Field::Data, value)) => self.append(value),
            Some((field, value)) => self.set(field, value),
            None => {}
        }
        line.clear();
        Ok(())
    }

    fn count<'l>(&mut self, line: &'l [u8]) -> Result<Option<(Field, &'l [u8])>, TooLarge> {
        let field = Field::of(line);
        if field.is_some() {
            self.check(line.len())?;
            self.size += line.len();
        }
        Ok(field)
    }

    fn append(&mut self, value: &[u8]) {
        self.buffer.push(b'\n');
        self.buffer.extend_from_slice(value);
    }

    /// Moves data out of the chunk, because it continues or another chunk follows.
    fn keep_data(&mut self, chunk: &[u8]) {
        if let Place::Chunk(data) = &self.data {
            self.buffer.clear();
            self.buffer.extend_from_slice(&chunk[data.clone()]);
            self.data = Place::Buffer(0);
        }
    }

    fn set(&mut self, field: Field, value: &[u8]) {
        match field {
            Field::Event => {
                self.has_name = !value.is_empty();
                if self.has_name && !is(self.name.as_deref(), value) {
                    self.name = Some(decoded(value).into());
                }
            }
            Field::Id if memchr(0, value).is_none() => {
                let is_same = is(self.last_id.as_deref(), value);
                self.new_id = if is_same { None } else { Some(decoded(value).into()) };
            }
            Field::Retry if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                // Only a number that is too large can't be parsed.
                let milliseconds = decoded(value).parse().unwrap_or(u64::MAX);
                self.retry = Some(Duration::from_millis(milliseconds));
            }
            Field::Data | Field::Id | Field::Retry => {}
        }
    }

    /// Ends the event. Without data, it has no other effect than its id.
    fn end(&mut self) -> Option<Place> {
        if let Some(id) = self.new_id.take() {
            self.last_id = Some(id).filter(|id| !id.is_empty());
        }
        self.size = 0;
        match std::mem::take(&mut self.data) {
            Place::Nowhere => {
                self.has_name = false;
                None
            }
            data => Some(data),
        }
    }

    fn parsed<'p>(&'p mut self, data: Place, chunk: &'p [u8]) -> Parsed<'p> {
        let name = if std::mem::take(&mut self.has_name) { self.name.clone() } else { None };
        let data = match data {
            Place::Nowhere => &[],
            Place::Chunk(data) => &chunk[data],
            Place::Buffer(start) => &self.buffer[start..],
        };
        Parsed { name, id: self.last_id.clone(), data: decoded(data) }
    }
}

impl Field {
    const NAMES: [&'static [u8]; 4] = [b"data", b"event", b"id", b"retry"];
    /// The longest name and its colon.
    const LONGEST_BEGINNING: usize = 6;

    /// The field of a line, and its value; `None` for a comment or an unknown field.
    fn of(line: &[u8]) -> Option<(Self, &[u8])> {
        let (field, rest) = match line {
            [b'd', b'a', b't', b'a', rest @ ..] => (Self::Data, rest),
            [b'e', b'v', b'e', b'n', b't', rest @ ..] => (Self::Event, rest),
            [b'i', b'd', rest @ ..] => (Self::Id, rest),
            [b'r', b'e', b't', b'r', b'y', rest @ ..] => (Self::Retry, rest),
            _ => return None,
        };
        match rest {
            [] => Some((field, rest)),
            [b':', b' ', value @ ..] | [b':', value @ ..] => Some((field, value)),
            _ => None,
        }
    }

    /// Whether a line with this beginning may have a field.
    fn may_begin(beginning: &[u8]) -> bool {
        Self::of(beginning).is_some() || Self::NAMES.iter().any(|name| name.starts_with(beginning))
    }
}

/// In bytes: more than an error shows.
const BEGINNING: usize = 1024;

fn is(text: Option<&str>, value: &[u8]) -> bool {
    text.unwrap_or_default().as_bytes() == value
}

/// Decodes UTF-8. What is invalid becomes U+FFFD.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    // Much faster than `from_utf8_lossy` alone, which doesn't skip words of ASCII.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

#[cfg(test)]
mod tests;
