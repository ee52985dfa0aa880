//! A body in gzip that is unpacked as it comes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body::Frame;

use super::Limited;
use super::gzip::{Failure, Gzip};
use crate::body::BoxError;
use crate::transport::{TransportError, TransportErrorKind};

/// How many steps without a byte of output are made before an empty chunk is returned. Whoever skips it can check a limit of time.
const MOST_STEPS: usize = 64;

/// A body, unpacked a chunk of bounded size at a time: how much is held of it doesn't depend on what a server sends.
pub(super) struct Unpacked<B> {
    body: B,
    gzip: Gzip,
    packed: Bytes,
    has_ended: bool,
    status: StatusCode,
}

impl<B> Unpacked<B> {
    pub(super) fn new(body: B, status: StatusCode) -> Self {
        let gzip = Gzip::new(Limited { bytes: BytesMut::new(), limit: u64::MAX });
        Self { body, gzip, packed: Bytes::new(), has_ended: false, status }
    }

    /// The next piece of what has come; empty if nothing more has, or if a lot of it unpacks to nothing.
    fn unpack(&mut self) -> Result<Bytes, Failure> {
        for _ in 0..MOST_STEPS {
            if self.packed.is_empty() {
                break;
            }
            let taken = self.gzip.step(&self.packed)?;
            let _done = self.packed.split_to(taken);
            let unpacked = self.gzip.take()?;
            if !unpacked.is_empty() {
                return Ok(unpacked);
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

impl<B> http_body::Body for Unpacked<B>
where
    B: http_body::Body<Data = Bytes, Error = BoxError> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            match this.unpack() {
                Ok(unpacked) if unpacked.is_empty() && this.packed.is_empty() => {}
                Ok(unpacked) => return Poll::Ready(Some(Ok(Frame::data(unpacked)))),
                Err(failure) => return Poll::Ready(Some(Err(this.failed(&failure)))),
            }
            if this.has_ended {
                return Poll::Ready(None);
            }
            if let Some(frame) = ready!(Pin::new(&mut this.body).poll_frame(context)).transpose()? {
                match frame.into_data() {
                    Ok(packed) => this.packed = packed,
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
