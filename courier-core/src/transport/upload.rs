//! The stream of a request on its way to the server. It keeps the error of the stream, because the HTTP stack may report
//! another one instead.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use thiserror::Error;

use super::TransportError;
use crate::body::{Body, BoxError};

/// A request's body that is a stream.
pub(crate) struct Upload {
    body: Body,
    failure: Failure,
}

/// What went wrong while the body was read.
#[derive(Clone, Default)]
pub(crate) struct Failure(Arc<Mutex<Option<BoxError>>>);

/// Tells the HTTP stack to stop. [`Failure`] has the reason.
#[derive(Debug, Error)]
#[error("the request's body can't be read")]
struct Stopped;

impl Upload {
    pub(crate) fn new(body: Body) -> (Self, Failure) {
        let failure = Failure::default();
        (Self { body, failure: failure.clone() }, failure)
    }
}

impl Failure {
    /// Returns the error of the body, if it is why the request failed.
    pub(crate) fn take(&self) -> Option<TransportError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().map(TransportError::of_request_body)
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|error| {
                *self.failure.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Stopped.into()
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
