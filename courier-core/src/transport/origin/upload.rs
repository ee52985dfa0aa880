//! The stream of a request on its way to the server. It keeps the stream's error, because the HTTP stack may report another one. It
//! ends with its attempt, because the HTTP stack would continue to read it after an early response.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use thiserror::Error;

use crate::body::{Body, BoxError};
use crate::transport::TransportError;

/// The body of a request on its way to the server.
pub(in crate::transport) enum Outgoing {
    Whole(Bytes),
    Stream(Upload),
}

impl Outgoing {
    /// Prepares a body, with a handle if it is a stream.
    pub(super) fn new(body: Body) -> (Self, Option<Handle>) {
        match body.into_bytes() {
            Ok(bytes) => (Self::Whole(bytes), None),
            Err(stream) => {
                let (upload, handle) = Upload::new(stream);
                (Self::Stream(upload), Some(handle))
            }
        }
    }
}

/// A request's body that is a stream.
pub(in crate::transport) struct Upload(Arc<Shared>);

/// The attempt's hold on its upload. Dropping it ends the upload.
pub(super) struct Handle(Arc<Shared>);

type Shared = Mutex<State>;

struct State {
    /// `None` while it is polled, and after its end.
    body: Option<Body>,
    is_stopped: bool,
    /// Wakes the HTTP stack when the upload has ended.
    waker: Option<Waker>,
    /// What went wrong while the body was read.
    error: Option<BoxError>,
}

/// Tells the HTTP stack to stop. The [`Handle`] has the reason, or it was dropped.
#[derive(Debug, Error)]
#[error("the request's body can't be read, or isn't needed any more")]
struct Stopped;

fn lock(shared: &Shared) -> MutexGuard<'_, State> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Upload {
    fn new(body: Body) -> (Self, Handle) {
        // A body of another crate may report a wrong length. hyper would cut it off there, and the request would look complete.
        let body = match body.length() {
            Some(length) => body.with_length(length),
            None => body,
        };
        let state = State { body: Some(body), is_stopped: false, waker: None, error: None };
        let shared = Arc::new(Mutex::new(state));
        (Self(Arc::clone(&shared)), Handle(shared))
    }
}

impl Handle {
    /// Returns the error of the body, if it is why the request failed.
    pub(super) fn error(&self) -> Option<TransportError> {
        lock(&self.0).error.take().map(TransportError::of_request_body)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        let mut state = lock(&self.0);
        state.is_stopped = true;
        let (body, waker) = (state.body.take(), state.waker.take());
        // Both run code that isn't ours.
        drop(state);
        drop(body);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl http_body::Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        // Not under the lock: the body's own code may drop the call, and with it the handle.
        let Some(mut body) = lock(&self.0).body.take() else { return Poll::Ready(Some(Err(Stopped.into()))) };
        let frame = Pin::new(&mut body).poll_frame(context);
        let mut state = lock(&self.0);
        if state.is_stopped {
            drop(state);
            return Poll::Ready(Some(Err(Stopped.into())));
        }
        if let Poll::Ready(Some(Err(error))) = frame {
            state.error = Some(error);
            return Poll::Ready(Some(Err(Stopped.into())));
        }
        state.body = Some(body);
        if !state.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            state.waker = Some(context.waker().clone());
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        lock(&self.0).body.as_ref().is_some_and(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        lock(&self.0).body.as_ref().map(http_body::Body::size_hint).unwrap_or_default()
    }
}
