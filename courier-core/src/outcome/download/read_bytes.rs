//! A download that is read whole.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};

use super::Download;
use crate::error::Result;
use crate::transport::{TransportError, TransportErrorKind};

impl Download {
    /// Reads the rest of the body, if that is at most `limit` bytes. Await it, or [`wait`](ReadBytes::wait) for it.
    ///
    /// # Errors
    ///
    /// The same as for [`chunk`](Self::chunk), and [`Error::TooLarge`](crate::Error::TooLarge) if there is more than the limit.
    pub fn bytes(self, limit: u64) -> ReadBytes {
        ReadBytes { download: self, limit, read: BytesMut::new() }
    }
}

/// The future of [`Download::bytes`]. Dropping it closes the connection.
#[derive(Debug)]
#[must_use = "nothing is read unless this is awaited or waited for"]
pub struct ReadBytes {
    pub(super) download: Download,
    limit: u64,
    read: BytesMut,
}

impl ReadBytes {
    fn too_large(&self) -> crate::Error {
        let too_large = TransportError::sent(TransportErrorKind::TooLarge { limit: self.limit });
        self.download.failed(too_large.with_reason("the limit that was passed to `bytes`"))
    }
}

impl Future for ReadBytes {
    type Output = Result<Bytes>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<Bytes>> {
        let this = &mut *self;
        if this
            .download
            .content_length()
            .is_some_and(|length| length > this.limit.saturating_sub(this.read.len() as u64))
        {
            return Poll::Ready(Err(this.too_large()));
        }
        while let Some(chunk) = ready!(this.download.poll_rest(context)?) {
            if (this.read.len() + chunk.len()) as u64 > this.limit {
                return Poll::Ready(Err(this.too_large()));
            }
            // Most bodies are one chunk, which isn't copied.
            if this.read.is_empty() {
                this.read = chunk.into();
            } else {
                this.read.extend_from_slice(&chunk);
            }
        }
        Poll::Ready(Ok(std::mem::take(&mut this.read).freeze()))
    }
}
