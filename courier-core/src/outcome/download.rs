//! Download: a body that is read as it arrives.

mod blocking;
mod limits;
mod progress;
#[cfg(feature = "io")]
mod read;
mod read_bytes;
mod save;

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};

use self::limits::Limits;
pub use self::read_bytes::ReadBytes;
pub use self::save::{SaveError, SaveTo};
use super::{FromStream, reader};
use crate::body::{Body, BoxError};
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error, Result};
use crate::request::CallOptions;
use crate::secret::Secrets;
use crate::transport::{Attempts, Response, TransportError, TransportErrorKind, WholeResponse};

/// A body that is read as it arrives: a file, an export, anything that is too large to hold in memory.
///
/// ```
/// use courier_core::{Body, Download, MemoryTransport, Result, Transport, endpoint};
///
/// trait Exports: Transport {
///     #[endpoint(GET, "/exports/<id>", ok = 200)]
///     async fn export(&self, id: u64) -> Result<Download>;
/// }
/// impl<T: Transport> Exports for T {}
///
/// # let _ = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let chunks = futures_util::stream::iter(["a,b\n", "1,2\n"].map(Ok::<_, std::io::Error>));
/// let transport = MemoryTransport::new().answer(200, Body::from_stream(chunks));
///
/// let mut export = transport.export(7).await?;
/// while let Some(chunk) = export.chunk().await? {
///     println!("{} bytes", chunk.len());
/// }
/// # Ok::<(), courier_core::Error>(())
/// # }).unwrap();
/// ```
///
/// The call returns it once the head of the response has arrived. By then, the status has decided: only a declared one is a
/// `Download`, and it can be one outcome of several (`ok = 200` as a `Download`, `not_found = 404` as JSON). The retries, the attempt
/// timeout and the deadline of the call end there.
///
/// # Reading it
///
/// - [`chunk`](Self::chunk), or [`Stream`]: a piece at a time, as large as it arrived, and never empty;
/// - [`bytes`](Self::bytes): all of it, up to a limit; [`save_to`](Self::save_to): as a file;
/// - [`Read`](std::io::Read) and [`BufRead`](std::io::BufRead), whose `lines` are lines, and a `for` loop over the chunks, which all
///   block: see [`blocking`](crate::blocking#streams);
/// - `into_async_read` (feature `io`): tokio's `AsyncRead`.
///
/// They can be mixed: each continues where the last one stopped.
///
/// # What ends it
///
/// | limit | default | set by |
/// |---|---|---|
/// | time without a byte, while one is waited for | 30 seconds | [`Call::idle_timeout`](crate::Call::idle_timeout) |
/// | time from the head to the last byte | none | [`Call::stream_timeout`](crate::Call::stream_timeout) |
/// | bytes, after decompression | none | [`Call::max_body_bytes`](crate::Call::max_body_bytes) |
///
/// A limit, a connection that ends early and damaged compression are errors with the endpoint, the status and the attempts, as for a
/// call. Nothing is retried. After an error, the `Stream` ends, and every other way to read it fails again, so that a part of a body
/// never passes for all of it.
///
/// Dropping it closes the connection (HTTP/1) or resets the stream (HTTP/2), on any thread.
#[must_use = "a download is read by its methods or as a `Stream`; dropping it ends the connection"]
pub struct Download {
    endpoint: &'static Endpoint,
    // In boxes, so that an enum with a `Download` next to small outcomes stays small.
    response: Box<Response>,
    limits: Box<Limits>,
    server: Option<Box<str>>,
    /// What `Read` left of a chunk.
    unread: Bytes,
    has_ended: bool,
    has_failed: bool,
}

impl Download {
    /// Starts to read a response. `server` is the transport's base URL, for errors.
    ///
    /// # Errors
    ///
    /// Returns [`TransportErrorKind::TooLarge`] if the head says that the body is larger than the call's limit.
    pub(crate) fn new(
        endpoint: &'static Endpoint,
        response: Response,
        options: &CallOptions,
        server: Option<&str>,
    ) -> std::result::Result<Self, TransportError> {
        let limits = Limits::new(options, response.extensions().get().copied().unwrap_or_default());
        let too_large = limits.check(response.body());
        let download = Self {
            endpoint,
            response: Box::new(response),
            limits: Box::new(limits),
            server: server.map(Into::into),
            unread: Bytes::new(),
            has_ended: false,
            has_failed: false,
        };
        match too_large {
            Ok(()) => Ok(download),
            Err(error) => Err(download.about(error)),
        }
    }

    pub(crate) fn response(&self) -> &Response {
        &self.response
    }

    /// Returns the declaration that was called.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.endpoint
    }

    /// Returns the status that the server sent.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Returns the headers that the server sent, without `content-encoding` and `content-length` if the body is decompressed.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// Returns the number of bytes that are still to come, which becomes smaller with each read; `None` if the server didn't send a length,
    /// the body is decompressed, or a read has failed.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        if self.has_failed {
            return None;
        }
        Some(self.response.body().length()? + self.unread.len() as u64)
    }

    /// Returns the next chunk; `None` at the end.
    ///
    /// It is cancel safe: if the future is dropped, for example by `tokio::select!`, no byte is lost, and the next call returns the chunk.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Transport`], [`Error::Timeout`] or [`Error::TooLarge`] if the rest of the body can't be read, or an earlier
    /// read has failed.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>> {
        std::future::poll_fn(|context| self.poll_rest(context)).await.transpose()
    }

    /// Polls the next chunk, like [`Stream::poll_next`], for a stream that is made of this one.
    pub fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if !self.unread.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.unread))));
        }
        if self.has_ended {
            return Poll::Ready(None);
        }
        let chunk = ready!(self.limits.poll_chunk(self.response.body_mut(), context));
        self.has_failed = matches!(chunk, Some(Err(_)));
        if !matches!(chunk, Some(Ok(_))) {
            // The connection is returned or closed now, and not when this is dropped.
            self.end();
        }
        Poll::Ready(chunk.map(|chunk| chunk.map_err(|error| self.error(error))))
    }

    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// Ends the stream, and with it the connection.
    pub(crate) fn end(&mut self) {
        self.has_ended = true;
        *self.response.body_mut() = Body::empty();
    }

    /// Returns the response with these bytes as its body.
    pub(super) fn with_body(&self, body: Bytes) -> WholeResponse {
        let mut response = WholeResponse::new(body);
        *response.status_mut() = self.status();
        *response.version_mut() = self.response.version();
        response.headers_mut().clone_from(self.headers());
        response.extensions_mut().clone_from(self.response.extensions());
        response
    }

    /// Creates the error of a part of the stream that can't be read.
    pub(super) fn unreadable(&self, part: Bytes, source: DecodeError) -> Error {
        reader::unreadable(self.endpoint, self.with_body(part), source)
    }

    /// Creates the error of a part of the stream that isn't read to its end, of which this is the beginning.
    pub(super) fn unreadable_from(&self, beginning: Bytes, source: DecodeError) -> Error {
        let secrets = Secrets::of(self.response.extensions());
        let redacted = match secrets.redact_cut(&String::from_utf8_lossy(&beginning)) {
            Cow::Borrowed(_) => None,
            Cow::Owned(redacted) => Some(redacted),
        };
        self.unreadable(redacted.map_or(beginning, Bytes::from), source)
    }

    /// The same for what needs the whole body: after an error, the end of the stream would pass for the end of the body.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        if self.has_failed {
            let failed =
                TransportError::sent(TransportErrorKind::Refused).with_reason("an earlier read of it has failed");
            return Poll::Ready(Some(Err(self.failed(failed))));
        }
        self.poll_chunk(context)
    }

    /// Creates the error of the call from what ended the stream.
    fn error(&self, error: BoxError) -> Error {
        self.failed(TransportError::of_stream(error, &Secrets::of(self.response.extensions())))
    }

    /// Creates the error of the call from what prevents reading the stream.
    pub(crate) fn failed(&self, error: TransportError) -> Error {
        Error::from_transport(self.endpoint, self.about(error))
    }

    /// Adds what is known about the response.
    fn about(&self, error: TransportError) -> TransportError {
        let error = error
            .with_status(self.status())
            .with_headers(self.headers().clone())
            .with_attempts(Attempts::of(&self.response))
            .after(true);
        match &self.server {
            Some(server) => error.with_server(server),
            None => error,
        }
    }
}

impl FromStream for Download {
    const ACCEPT: &'static str = "*/*";

    fn from_stream(download: Self) -> Self {
        download
    }
}

impl Stream for Download {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        self.poll_chunk(context)
    }
}

/// Shows the response's head, without credentials that the server may have echoed, and nothing of the body.
impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = Secrets::of(self.response.extensions());
        let headers = format!("{:?}", self.headers());
        f.debug_struct("Download")
            .field("endpoint", &format_args!("{}", self.endpoint))
            .field("status", &self.status())
            .field("headers", &format_args!("{}", secrets.redact(&headers)))
            .field("content_length", &self.content_length())
            .finish_non_exhaustive()
    }
}
