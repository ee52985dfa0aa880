//! A call that keeps the head of its response.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::Call;
use crate::outcome::{ReturnType, WithResponse};
use crate::transport::{Response, TransportError};

/// A [`Call`] that returns the status and the headers of the response along with the outcome: see
/// [`Call::with_response`].
#[must_use = "a call does nothing unless it is awaited"]
#[derive(Debug)]
pub struct CallWithResponse<'a, R> {
    pub(super) call: Call<'a, R>,
    pub(super) head: Option<WithResponse<()>>,
}

impl<R: ReturnType> CallWithResponse<'_, R> {
    /// Ends a call that can't be carried out.
    pub(crate) fn fail(self, error: TransportError) -> Result<WithResponse<R::Success>, R::Failure> {
        self.call.fail(error).into_result().map(|_| unreachable!("a failed call has an error"))
    }
}

impl<R: ReturnType> Future for CallWithResponse<'_, R> {
    type Output = Result<WithResponse<R::Success>, R::Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, head } = &mut *self;
        let result = ready!(call.poll_with(context, &mut |response| *head = Some(WithResponse::new((), response))));
        Poll::Ready(result.into_result().map(|outcome| {
            let head = head.take().unwrap_or_else(|| WithResponse::new((), &Response::default()));
            head.map(|()| outcome)
        }))
    }
}
