//! A download as tokio's `AsyncRead`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::AsyncBufRead;
use tokio_util::io::StreamReader;

use super::Download;

impl Download {
    /// Returns the rest of the body as tokio's [`AsyncRead`](tokio::io::AsyncRead) and `AsyncBufRead`, for a decoder or
    /// [`tokio::io::copy_buf`]. This needs the feature `io`.
    ///
    /// Its errors are those of [`chunk`](Self::chunk) inside a [`std::io::Error`](crate::Error#impl-From<Error>-for-Error). After one,
    /// every further read is an error too.
    pub fn into_async_read(self) -> impl AsyncBufRead + Unpin + Send {
        StreamReader::new(Chunks(self))
    }
}

/// The chunks, with I/O errors.
struct Chunks(Download);

impl Stream for Chunks {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        self.0.poll_rest(context).map_err(io::Error::from)
    }
}
