//! A stream that must have the length that was announced for it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::{Body, BoxError, Problem};

/// A body that ends with an error unless it has exactly this many bytes.
pub(super) struct Checked {
    body: Body,
    length: u64,
    /// How many bytes are still to be read.
    left: u64,
    /// The last of the bytes, until it is known that the stream ends here: with them, a request would be complete.
    last: Option<Frame<Bytes>>,
}

impl Checked {
    pub(super) fn new(body: Body, length: u64) -> Self {
        Self { body, length, left: length, last: None }
    }

    fn longer(&self) -> BoxError {
        Problem(format!("its stream has more than {} bytes (`with_length`)", self.length)).into()
    }

    fn shorter(&self) -> BoxError {
        let read = self.length - self.left;
        Problem(format!("its stream ended after {read} of {} bytes (`with_length`)", self.length)).into()
    }
}

fn len(frame: &Frame<Bytes>) -> u64 {
    frame.data_ref().map_or(0, Bytes::len) as u64
}

impl http_body::Body for Checked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            if self.last.is_some() && self.body.is_end_stream() {
                return Poll::Ready(self.last.take().map(Ok));
            }
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.left > 0 => return Poll::Ready(Some(Err(self.shorter()))),
                None => return Poll::Ready(self.last.take().map(Ok)),
            };
            let length = len(&frame);
            let Some(left) = self.left.checked_sub(length) else { return Poll::Ready(Some(Err(self.longer()))) };
            self.left = left;
            // Empty frames and trailers don't complete a request.
            if left > 0 || length == 0 {
                return Poll::Ready(Some(Ok(frame)));
            }
            self.last = Some(frame);
        }
    }

    /// Only the stream knows: it may have more bytes than were announced.
    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.last.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left + self.last.as_ref().map_or(0, len))
    }
}
