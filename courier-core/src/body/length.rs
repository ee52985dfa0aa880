//! A stream with a length that was promised, and has to be kept.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

use super::{Body, BoxError, Problem};

/// A body that ends with an error unless it has just this many bytes.
pub(super) struct Checked {
    body: Body,
    length: u64,
    left: u64,
}

impl Checked {
    pub(super) fn new(body: Body, length: u64) -> Self {
        Self { body, length, left: length }
    }
}

impl http_body::Body for Checked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        let Self { length, left, .. } = *self;
        Poll::Ready(match frame {
            Some(Ok(frame)) => match left.checked_sub(frame.data_ref().map_or(0, Bytes::len) as u64) {
                Some(left) => {
                    self.left = left;
                    Some(Ok(frame))
                }
                None => Some(Err(Problem(format!("its stream has more than {length} bytes (`with_length`)")).into())),
            },
            None if left > 0 => {
                let read = length - left;
                Some(Err(Problem(format!("its stream ended after {read} of {length} bytes (`with_length`)")).into()))
            }
            end => end,
        })
    }

    /// Only the stream can say so: it may have more than it was said to have.
    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
