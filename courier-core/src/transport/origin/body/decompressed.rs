//! A gzip body that is decompressed as it arrives.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body::Frame;

use super::Limited;
use super::gzip::{Failure, Gzip};
use crate::body::BoxError;
use crate::transport::{TransportError, TransportErrorKind};

/// After this many steps without output, an empty chunk is returned, so that the caller can check its time limits.
const MOST_STEPS: usize = 64;

/// A body that is decompressed in chunks of bounded size, so that its memory doesn't depend on what a server sends.
pub(super) struct Decompressed<B> {
    body: B,
    gzip: Gzip,
    compressed: Bytes,
    has_ended: bool,
    status: StatusCode,
}

impl<B> Decompressed<B> {
    pub(super) fn new(body: B, status: StatusCode) -> Self {
        let gzip = Gzip::new(Limited { bytes: BytesMut::new(), limit: u64::MAX });
        Self { body, gzip, compressed: Bytes::new(), has_ended: false, status }
    }

    /// The next piece of what has arrived. It is empty if nothing is left, or if many bytes decompressed to nothing.
    fn decompress(&mut self) -> Result<Bytes, Failure> {
        for _ in 0..MOST_STEPS {
            if self.compressed.is_empty() {
                break;
            }
            let taken = self.gzip.step(&self.compressed)?;
            let _done = self.compressed.split_to(taken);
            let output = self.gzip.take()?;
            if !output.is_empty() {
                return Ok(output);
            }
        }
        self.gzip.take()
    }

    fn failed(&self, failure: &Failure) -> BoxError {
        let error = match failure {
            Failure::Damaged(damage) => {
                TransportError::sent(TransportErrorKind::ContentEncoding).with_reason(damage.to_string())
            }
            Failure::TooLarge => unreachable!("the limit is never reached"),
        };
        error.with_status(self.status).into()
    }
}

impl<B> http_body::Body for Decompressed<B>
where
    B: http_body::Body<Data = Bytes, Error = BoxError> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            match this.decompress() {
                Ok(output) if output.is_empty() && this.compressed.is_empty() => {}
                Ok(output) => return Poll::Ready(Some(Ok(Frame::data(output)))),
                Err(failure) => return Poll::Ready(Some(Err(this.failed(&failure)))),
            }
            if this.has_ended {
                return Poll::Ready(None);
            }
            if let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(context)).transpose()? {
                match frame.into_data() {
                    Ok(compressed) => this.compressed = compressed,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                }
            } else {
                this.has_ended = true;
                if let Err(failure) = this.gzip.finish() {
                    return Poll::Ready(Some(Err(this.failed(&failure))));
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        false
    }
}
