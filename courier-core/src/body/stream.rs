//! Adapters: any body as a trait object, and a stream of chunks as a body.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Frame, SizeHint};
use pin_project_lite::pin_project;
use sync_wrapper::SyncWrapper;

use super::BoxError;

type DynBody = dyn http_body::Body<Data = Bytes, Error = BoxError> + Send;

/// Any body as a trait object. It is `Sync`, as a request must be, even if the body inside isn't: that is reached only through
/// `&mut`, and what `&self` returns is a copy.
pub(super) struct Boxed {
    inner: SyncWrapper<Pin<Box<DynBody>>>,
    hint: SizeHint,
    is_end_stream: bool,
}

impl Boxed {
    pub(super) fn new<B>(body: B) -> Self
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (hint, is_end_stream) = (body.size_hint(), body.is_end_stream());
        Self { inner: SyncWrapper::new(Box::pin(IntoBoxError { body })), hint, is_end_stream }
    }

    pub(super) fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let inner = self.inner.get_mut();
        let frame = ready!(inner.as_mut().poll_frame(context));
        self.hint = inner.size_hint();
        self.is_end_stream = !matches!(frame, Some(Ok(_))) || inner.is_end_stream();
        Poll::Ready(frame)
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.is_end_stream
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

pin_project! {
    /// A body whose errors are boxed. A boxed error isn't boxed again.
    struct IntoBoxError<B> {
        #[pin]
        body: B,
    }
}

impl<B> http_body::Body for IntoBoxError<B>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.project().body.poll_frame(context).map(|frame| frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

pin_project! {
    /// A stream of chunks as a body.
    pub(super) struct FromStream<S> {
        #[pin]
        pub(super) stream: S,
    }
}

impl<S, T, E> http_body::Body for FromStream<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Into<Bytes>,
{
    type Data = Bytes;
    type Error = E;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let chunk = ready!(self.project().stream.poll_next(context));
        Poll::Ready(chunk.map(|chunk| chunk.map(|chunk| Frame::data(chunk.into()))))
    }
}
