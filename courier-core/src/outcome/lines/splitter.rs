//! Lines from chunks of bytes. No I/O.
//!
//! The lines don't depend on how the stream is split into chunks. A line within one chunk is read in place.

use bytes::Bytes;
use memchr::memchr;

use crate::outcome::byte_order_mark::ByteOrderMark;

/// Turns chunks into lines: [`push`](Self::push) a chunk, then take lines with [`next`](Self::next) until it returns `None`, and
/// [`finish`](Self::finish) at the end.
///
/// A line ends with LF or CRLF. Blank lines are skipped, and so is a byte order mark at the beginning.
#[derive(Debug)]
pub(super) struct Splitter {
    limit: usize,
    mark: ByteOrderMark,
    chunk: Bytes,
    /// Where the rest of the chunk begins that isn't split yet.
    position: usize,
    /// The beginning of the current line, from previous chunks.
    kept: Vec<u8>,
    /// Whether `kept` is a line that has ended.
    has_ended: bool,
    /// How many lines have ended.
    lines: u64,
}

/// A line that isn't blank, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'s> {
    /// Counted from 1, blank lines included.
    pub(super) number: u64,
    pub(super) bytes: &'s [u8],
}

/// The line with this number is longer than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong {
    pub(super) number: u64,
}

impl Splitter {
    /// `limit` is the largest length of a line in bytes, without its end.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            mark: ByteOrderMark::default(),
            chunk: Bytes::new(),
            position: 0,
            kept: Vec::new(),
            has_ended: false,
            lines: 0,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// Changes the limit for what isn't split yet.
    pub(super) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Adds a chunk, after [`next`](Self::next) returned no more lines of the previous one.
    pub(super) fn push(&mut self, chunk: Bytes) {
        debug_assert_eq!(self.position, self.chunk.len(), "the previous chunk must be split first");
        self.position = self.mark.skip(&mut self.kept, &chunk);
        self.chunk = chunk;
    }

    /// The next line; `None` if another chunk is needed.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, TooLong> {
        loop {
            self.forget_ended();
            let start = self.position;
            let rest = &self.chunk[start..];
            let Some(length) = memchr(b'\n', rest) else { return self.keep_rest() };
            self.check(&rest[..length])?;
            self.position = start + length + 1;
            self.lines += 1;
            if !self.kept.is_empty() {
                self.kept.extend_from_slice(&rest[..length]);
                self.has_ended = true;
                if !is_blank(&self.kept) {
                    return Ok(Some(self.line(&self.kept)));
                }
            } else if !is_blank(&rest[..length]) {
                return Ok(Some(self.line(&self.chunk[start..start + length])));
            }
        }
    }

    /// The last line, if the stream doesn't end with the end of a line.
    pub(super) fn finish(&mut self) -> Option<Line<'_>> {
        self.forget_ended();
        if is_blank(&self.kept) {
            return None;
        }
        self.has_ended = true;
        self.lines += 1;
        Some(self.line(&self.kept))
    }

    /// Forgets what isn't split yet.
    pub(super) fn clear(&mut self) {
        self.position = self.chunk.len();
        self.has_ended = false;
        self.kept.clear();
    }

    /// Returns the beginning of the current line, for an error.
    pub(super) fn beginning(&self) -> Bytes {
        let line = if self.kept.is_empty() { &self.chunk[self.position..] } else { &self.kept[..] };
        Bytes::copy_from_slice(&line[..line.len().min(BEGINNING)])
    }

    fn line<'s>(&self, bytes: &'s [u8]) -> Line<'s> {
        Line { number: self.lines, bytes: bytes.strip_suffix(b"\r").unwrap_or(bytes) }
    }

    fn forget_ended(&mut self) {
        if std::mem::take(&mut self.has_ended) {
            self.kept.clear();
        }
    }

    fn keep_rest(&mut self) -> Result<Option<Line<'_>>, TooLong> {
        let rest = &self.chunk[self.position..];
        // The beginning of a byte order mark isn't a part of the line.
        if !self.mark.may_follow() {
            self.check(rest)?;
        }
        self.position = self.chunk.len();
        self.kept.extend_from_slice(rest);
        Ok(None)
    }

    /// Checks the length of the current line, which continues with these bytes. A CR at the end may belong to its end.
    fn check(&self, more: &[u8]) -> Result<(), TooLong> {
        let has_cr = more.last().or(self.kept.last()) == Some(&b'\r');
        let length = self.kept.len() + more.len() - usize::from(has_cr);
        if length > self.limit { Err(TooLong { number: self.lines + 1 }) } else { Ok(()) }
    }
}

/// In bytes: more than an error shows.
const BEGINNING: usize = 1024;

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

#[cfg(test)]
mod tests;
