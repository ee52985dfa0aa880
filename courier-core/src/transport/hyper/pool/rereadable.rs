//! A stream whose last response can be read again: see [`many_headers`](super::many_headers).

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Buf as _, Bytes};
use hyper::rt::{Read, ReadBufCursor, Write};

use crate::transport::connector::Io;

/// hyper's default.
pub(super) const USUAL_HEADERS: usize = 100;

/// Whether these bytes begin with the head of a response that has more headers than usual. hyper has the same error for an impossible
/// `content-length`, after which the bytes are those of the body.
pub(super) fn has_more_than_usual(bytes: &[u8]) -> bool {
    let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    bytes.starts_with(b"HTTP/1.") && lines.take_while(|line| !line.is_empty()).nth(USUAL_HEADERS + 1).is_some()
}

/// A connection that can be read again from the beginning of a response on.
pub(super) struct Rereadable {
    io: Io,
    /// What was read before.
    read: Bytes,
    writes: Writes,
    /// Whether what was written last is still on its way.
    is_blocked: bool,
    /// Wakes hyper when it can read.
    reader: Option<Waker>,
}

/// Where bytes are written.
#[derive(Clone, Copy, PartialEq)]
enum Writes {
    ToServer,
    /// Nowhere, and none has been written. A response would be unexpected, so nothing is read.
    NowhereYet,
    /// Nowhere until the request is complete.
    Nowhere,
}

impl Rereadable {
    pub(super) fn new(io: Io) -> Self {
        Self { io, read: Bytes::new(), writes: Writes::ToServer, is_blocked: false, reader: None }
    }

    /// Whether a part of what was written last may not have been sent yet.
    pub(super) fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// The same connection, which is read from these bytes on, as the response to the next request.
    pub(super) fn replaying(self, read: Bytes) -> Self {
        Self { read, writes: Writes::NowhereYet, ..self }
    }

    /// Writes nothing, if that is due.
    fn is_written(&mut self) -> bool {
        if self.writes == Writes::ToServer {
            return false;
        }
        self.writes = Writes::Nowhere;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        true
    }

    fn noted<T>(&mut self, poll: Poll<T>) -> Poll<T> {
        self.is_blocked = poll.is_pending();
        poll
    }
}

impl Read for Rereadable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.writes == Writes::NowhereYet {
            self.reader = Some(context.waker().clone());
            return Poll::Pending;
        }
        if self.read.is_empty() {
            return Pin::new(&mut self.io).poll_read(context, buffer);
        }
        let length = self.read.len().min(buffer.remaining());
        buffer.put_slice(&self.read[..length]);
        self.read.advance(length);
        Poll::Ready(Ok(()))
    }
}

impl Write for Rereadable {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.is_written() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        self.noted(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.is_written() {
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        }
        let written = Pin::new(&mut self.io).poll_write_vectored(context, slices);
        self.noted(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.writes {
            Writes::ToServer => {
                let flushed = Pin::new(&mut self.io).poll_flush(context);
                self.noted(flushed)
            }
            Writes::NowhereYet => Poll::Ready(Ok(())),
            // hyper flushes when it has written the whole request, which has no body.
            Writes::Nowhere => {
                self.writes = Writes::ToServer;
                Poll::Ready(Ok(()))
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
