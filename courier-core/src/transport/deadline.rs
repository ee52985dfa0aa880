//! The total deadline of a call: it covers everything a transport does, waits between attempts included.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::StatusCode;
use tokio::time::timeout_at;

use super::{Attempts, BoxFuture, Response, TimeLimit, Transport, TransportError, TransportErrorKind, runtime};
use crate::request::{Deadline, Request};

/// How far a request has come, in its extensions: for whoever ends the call before there is an answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<Mutex<State>>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// The attempts that have begun; zero where nobody counts them.
    attempts: u32,
    /// Whether one of those that have ended may have arrived.
    may_have_arrived: bool,
    /// Whether nothing is on its way: one attempt has ended, and the next has not begun.
    is_between: bool,
    /// The status of an answer that has begun.
    status: Option<StatusCode>,
}

impl Progress {
    /// The one that came with the request, or one that nobody else looks at.
    pub(crate) fn of(request: &Request) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// Whether somebody ends the call at a deadline, and looks at it then.
    pub(crate) fn is_awaited(request: &Request) -> bool {
        request.extensions().get::<Self>().is_some()
    }

    /// An attempt begins, by a transport that may make several.
    pub(crate) fn begin(&self) {
        self.update(|state| {
            state.attempts = state.attempts.saturating_add(1);
            state.is_between = false;
            state.status = None;
        });
    }

    /// An attempt has ended, and there may be another one.
    pub(crate) fn end(&self, result: &Result<Response, TransportError>) {
        self.update(|state| {
            state.is_between = true;
            (state.status, state.may_have_arrived) = match result {
                Ok(response) => (Some(response.status()), true),
                Err(error) => (error.status(), state.may_have_arrived || error.may_have_arrived()),
            };
        });
    }

    /// What the last attempt came to is what the call comes to.
    pub(crate) fn conclude(&self, result: Result<Response, TransportError>) -> Result<Response, TransportError> {
        let State { attempts, may_have_arrived, .. } = self.state();
        match result {
            Ok(mut response) => {
                Attempts::note(&mut response, attempts);
                Ok(response)
            }
            Err(error) => Err(error.with_attempts(attempts).after(may_have_arrived)),
        }
    }

    /// A new attempt begins: what an earlier one was answered says nothing of it.
    pub(crate) fn reset(&self) {
        self.update(|state| state.status = None);
    }

    pub(crate) fn set(&self, status: StatusCode) {
        self.update(|state| state.status = Some(status));
    }

    /// An error of time, which may have run out within the answer.
    pub(crate) fn timeout(&self, limit: TimeLimit, after: Duration) -> TransportError {
        let State { attempts, may_have_arrived, is_between, status } = self.state();
        let kind = TransportErrorKind::Timeout { limit, after };
        let error = if is_between { TransportError::not_sent(kind) } else { TransportError::sent(kind) };
        let error = error.with_attempts(attempts.max(1)).after(may_have_arrived);
        match status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }

    fn state(&self) -> State {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Sends, and ends with an error at the deadline. Dropping the inner future then stops the call.
///
/// A request that was on its way when time ran out may have arrived.
pub(crate) fn send_within(
    deadline: Deadline,
    transport: &dyn Transport,
    mut request: Request,
) -> BoxFuture<'_, Result<Response, TransportError>> {
    let Some(at) = deadline.at else { return transport.send(request) };
    Box::pin(async move {
        // A deadline of zero lets nothing out: the timer would give the future one poll first.
        if deadline.after.is_zero() {
            let kind = TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: deadline.after };
            return Err(TransportError::not_sent(kind).with_attempts(0));
        }
        runtime::check()?;
        let progress = Progress::default();
        request.extensions_mut().insert(progress.clone());
        timeout_at(at, transport.send(request)).await.unwrap_or_else(|_elapsed| {
            let error = progress.timeout(TimeLimit::Deadline, deadline.after);
            Err(match transport.base_url() {
                Some(server) => error.with_server(server),
                None => error,
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(progress: &Progress) -> (u32, bool, Option<StatusCode>) {
        let error = progress.timeout(TimeLimit::Deadline, Duration::from_secs(1));
        (error.attempts(), error.may_have_arrived(), error.status())
    }

    /// Time seldom runs out there: a wait that does not fit is not begun.
    #[test]
    fn a_deadline_between_two_attempts_tells_of_those_that_were_made() {
        let progress = Progress::default();
        assert_eq!(ended(&progress), (1, true, None), "nobody counts");
        progress.begin();
        progress.end(&Err(TransportError::not_sent(TransportErrorKind::Connect)));
        assert_eq!(ended(&progress), (1, false, None), "nothing was sent");
        progress.begin();
        assert_eq!(ended(&progress), (2, true, None), "it is on its way");
        progress.end(&Err(TransportError::sent(TransportErrorKind::Interrupted).with_status(StatusCode::BAD_GATEWAY)));
        assert_eq!(ended(&progress), (2, true, Some(StatusCode::BAD_GATEWAY)));
        progress.begin();
        assert_eq!(ended(&progress), (3, true, None));
        progress.end(&Err(TransportError::not_sent(TransportErrorKind::Connect)));
        assert_eq!(ended(&progress), (3, true, None), "the second may have arrived");
    }
}
