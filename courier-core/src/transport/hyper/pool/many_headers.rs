//! Reads a response again that has more headers than usual.
//!
//! hyper ends a connection when a response has more headers than it has room for, but keeps what it has read. A second one with more
//! room can read that, and what follows it: as the response to a request that it writes nowhere, since the server has the request
//! already. Nothing else is sent over the connection, which ends with the response.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use bytes::{Buf as _, Bytes};
use http::{HeaderValue, Method, Request, Response, header};
use hyper::body::Incoming;
use hyper::client::conn::http1::Parts;
use hyper::rt::{Read, ReadBufCursor, Write};

use super::http1::{Http1, Room};
use super::lease::{Connection, Lease};
use crate::transport::connector::Io;
use crate::transport::failure;
use crate::transport::origin::upload::Outgoing;

impl Lease {
    /// Reads a response that was refused with this error, if more room is all that it needs.
    ///
    /// # Errors
    ///
    /// Returns the same error if it isn't, and otherwise why the response can't be read.
    pub(super) async fn reread(
        &mut self,
        error: hyper::Error,
        is_head: bool,
    ) -> Result<Response<Incoming>, hyper::Error> {
        if !failure::is_head_too_large(&error) {
            return Err(error);
        }
        let rest = match self.connection_mut() {
            Connection::Http1(connection, _) if !connection.has(Room::Full) => connection.rest().await,
            _ => return Err(error),
        };
        let Some(Parts { io, read_buf, .. }) = rest.filter(|rest| has_more_than_usual(&rest.read_buf)) else {
            return Err(error);
        };
        if let Some(connections) = self.connections() {
            connections.server.has_many_headers.store(true, Ordering::Relaxed);
        }
        let io = Replayed { io, read: read_buf, is_asked: false, reader: None };
        let mut connection = Http1::begin(Box::new(io), None, Room::Full).await?;
        let mut request = Request::new(Outgoing::Whole(Bytes::new()));
        // Only the response to a `HEAD` has another form.
        if is_head {
            *request.method_mut() = Method::HEAD;
        }
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        let response = connection.sender.try_send_request(request).await;
        self.replace_for_the_last_time(connection);
        response.map_err(hyper::client::conn::TrySendError::into_error)
    }
}

/// Whether these bytes begin with the head of a response that has more headers than usual. hyper has the same error for an impossible
/// `content-length`, after which the bytes are those of the body.
fn has_more_than_usual(bytes: &[u8]) -> bool {
    let lines = bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
    bytes.starts_with(b"HTTP/1.") && lines.take_while(|line| !line.is_empty()).nth(Room::USUAL_HEADERS + 1).is_some()
}

/// A connection from the beginning of a response on. What is written goes nowhere.
struct Replayed {
    io: Io,
    /// What was read of the response.
    read: Bytes,
    /// Whether a request was written: before that, a response would be unexpected.
    is_asked: bool,
    reader: Option<Waker>,
}

impl Replayed {
    fn wrote(&mut self, bytes: usize) -> Poll<io::Result<usize>> {
        self.is_asked = true;
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Poll::Ready(Ok(bytes))
    }
}

impl Read for Replayed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.is_asked {
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

impl Write for Replayed {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.wrote(bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.wrote(slices.iter().map(|slice| slice.len()).sum())
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }
}
