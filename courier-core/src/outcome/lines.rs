//! Lines: a body with a JSON value per line, read as it arrives.

mod splitter;

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use self::splitter::{Line, Splitter, TooLong};
use super::plain::utf8;
use super::{Download, FromStream, Iter, json};
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error, Result};

/// A body with a JSON value per line ([JSON Lines](https://jsonlines.org), NDJSON), read as it arrives.
///
/// ```
/// use courier_core::{Lines, MemoryTransport, Result, Transport, endpoint};
///
/// #[derive(serde::Deserialize)]
/// struct Row {
///     id: u32,
/// }
///
/// trait Exports: Transport {
///     #[endpoint(GET, "/exports/<id>", ok = 200)]
///     async fn export(&self, id: u64) -> Result<Lines<Row>>;
/// }
/// impl<T: Transport> Exports for T {}
///
/// # let _ = tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer(200, "{\"id\": 1}\n{\"id\": 2}\n");
///
/// let mut rows = transport.export(7).await?;
/// while let Some(row) = rows.next().await {
///     println!("{}", row?.id);
/// }
/// # Ok::<(), courier_core::Error>(())
/// # }).unwrap();
/// ```
///
/// It is a [`Stream`] of `Result<T>`, with the limits of a [`Download`]. Lines end with LF or CRLF. The last one doesn't need
/// an end. Blank lines and a byte order mark are skipped.
///
/// A line that can't be read is an [`Error::Decode`] with the line and its number, and the next line follows it. A line of
/// more than 1 MiB ([`max_line_bytes`](Self::max_line_bytes)) and any other error end the stream. A body that ends early is
/// always an error, unless it has neither a length nor chunks.
#[must_use = "lines are read by `next` or as a `Stream`; dropping them closes the connection"]
pub struct Lines<T> {
    download: Download,
    splitter: Box<Splitter>,
    items: PhantomData<fn() -> T>,
}

/// 1 MiB.
pub(super) const DEFAULT_LIMIT: usize = 1024 * 1024;

impl<T> Lines<T> {
    /// Sets the maximum size of a line in bytes, without its end. Default: 1 MiB.
    pub fn max_line_bytes(mut self, limit: usize) -> Self {
        self.splitter.set_limit(limit);
        self
    }

    /// Returns the declaration that was called.
    #[must_use]
    pub fn endpoint(&self) -> &'static Endpoint {
        self.download.endpoint()
    }

    /// Returns the status that the server sent.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.download.status()
    }

    /// Returns the headers that the server sent.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.download.headers()
    }
}

impl<T: DeserializeOwned> Lines<T> {
    /// Returns the value of the next line; `None` at the end. Nothing is lost if the future is dropped.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Decode`] if the line can't be read, or the error of the [`Download`].
    pub async fn next(&mut self) -> Option<Result<T>> {
        std::future::poll_fn(|context| self.poll_line(context)).await
    }

    /// Polls the next line, like [`Stream::poll_next`], for a stream that is made of this one.
    pub fn poll_line(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            match self.splitter.next() {
                Ok(Some(line)) => return Poll::Ready(Some(read(&self.download, &line))),
                Ok(None) => {}
                Err(TooLong { number }) => return Poll::Ready(Some(Err(self.too_long(number)))),
            }
            match ready!(self.download.poll_chunk(context)) {
                Some(Ok(chunk)) => self.splitter.push(chunk),
                Some(Err(error)) => {
                    self.splitter.clear();
                    return Poll::Ready(Some(Err(error)));
                }
                None => return Poll::Ready(self.splitter.finish().map(|line| read(&self.download, &line))),
            }
        }
    }

    #[cold]
    fn too_long(&mut self, number: u64) -> Error {
        let limit = self.splitter.limit();
        let source = DecodeError::new(format!("it has more than {limit} bytes (`max_line_bytes`)"));
        let source = source.in_item(&format!("line {number}"));
        let error = self.download.unreadable_from(self.splitter.beginning(), source);
        self.splitter.clear();
        self.download.end();
        error
    }
}

fn read<T: DeserializeOwned>(download: &Download, line: &Line<'_>) -> Result<T> {
    let value = utf8(line.bytes).and_then(json::from_text);
    value.map_err(|source| {
        let source = source.in_item(&format!("line {}", line.number));
        download.unreadable(Bytes::copy_from_slice(line.bytes), source)
    })
}

impl<T: DeserializeOwned> FromStream for Lines<T> {
    /// Both names are in use, and some servers send such a body as something else.
    const ACCEPT: &'static str = "application/x-ndjson, application/jsonl, */*;q=0.5";

    fn from_stream(download: Download) -> Self {
        let splitter = Box::new(Splitter::new(DEFAULT_LIMIT));
        Self { download, splitter, items: PhantomData }
    }
}

impl<T: DeserializeOwned> Stream for Lines<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.poll_line(context)
    }
}

/// Iterates over the values, and blocks the thread until each has arrived: see [`blocking`](crate::blocking).
impl<T: DeserializeOwned> IntoIterator for Lines<T> {
    type Item = Result<T>;
    type IntoIter = Iter<Self>;

    fn into_iter(self) -> Iter<Self> {
        Iter::new(self, |lines, error| lines.download.failed(error))
    }
}

/// Iterates over the values if the lines are still needed after the loop.
#[expect(clippy::into_iter_without_iter, reason = "`iter_mut` would promise items that can be changed")]
impl<'i, T: DeserializeOwned> IntoIterator for &'i mut Lines<T> {
    type Item = Result<T>;
    type IntoIter = Iter<&'i mut Lines<T>>;

    fn into_iter(self) -> Iter<&'i mut Lines<T>> {
        Iter::new(self, |lines, error| lines.download.failed(error))
    }
}

/// Shows the response's head, without credentials, and nothing of the body.
impl<T> fmt::Debug for Lines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Lines").field(&self.download).finish()
    }
}
