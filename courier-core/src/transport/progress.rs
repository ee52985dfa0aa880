//! What transports record about the progress of a call, for the error if it ends at a deadline.

use std::time::Duration;

use http::HeaderMap;

use super::{Attempts, Response, TimeLimit, TransportError, TransportErrorKind};
use crate::request::{Progress, State};

impl Progress {
    /// Records that a transport that retries begins an attempt.
    pub(crate) fn begin(&self) {
        self.update(|state| {
            state.attempts = state.attempts.saturating_add(1);
            state.is_unsent = false;
            state.status = None;
        });
    }

    /// Records the end of an attempt, which another one may follow.
    pub(crate) fn end(&self, result: &Result<Response, TransportError>) {
        self.update(|state| {
            state.is_unsent = true;
            (state.status, state.may_have_arrived) = match result {
                Ok(response) => (Some(response.status()), true),
                Err(error) => (error.status(), state.may_have_arrived || error.may_have_arrived()),
            };
        });
    }

    /// Adds what is known about all attempts to the result of the last one.
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

    /// Forgets the status of an earlier attempt, when a new one begins. Nothing of it was sent yet.
    #[cfg(feature = "__network")]
    pub(crate) fn reset(&self) {
        self.update(|state| (state.status, state.is_unsent) = (None, true));
    }

    /// Records whether nothing of this attempt can have arrived: `false` before the request is passed to a connection, and `true` if
    /// the connection gave it back.
    #[cfg(feature = "__network")]
    pub(crate) fn set_unsent(&self, is_unsent: bool) {
        self.update(|state| state.is_unsent = is_unsent);
    }

    /// Records the status of a response whose body is being read.
    pub(crate) fn set(&self, status: http::StatusCode) {
        self.update(|state| state.status = Some(status));
    }

    /// Creates the error of a time limit, which may have been reached within the response.
    pub(crate) fn timeout(&self, limit: TimeLimit, after: Duration) -> TransportError {
        let State { attempts, may_have_arrived, is_unsent, status } = self.state();
        let kind = TransportErrorKind::Timeout { limit, after };
        let error = if is_unsent { TransportError::not_sent(kind) } else { TransportError::sent(kind) };
        let error = error.with_attempts(attempts.max(1)).after(may_have_arrived);
        match status {
            Some(status) => error.with_status(status).with_headers(self.swap_headers(HeaderMap::new())),
            None => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn ended(progress: &Progress) -> (u32, bool, Option<StatusCode>) {
        let error = progress.timeout(TimeLimit::Deadline, Duration::from_secs(1));
        (error.attempts(), error.may_have_arrived(), error.status())
    }

    /// This is rare, because a wait that doesn't fit the deadline isn't started.
    #[test]
    fn a_deadline_between_two_attempts_reports_the_previous_ones() {
        let progress = Progress::default();
        assert_eq!(ended(&progress), (1, true, None), "attempts aren't counted");
        progress.begin();
        progress.end(&Err(TransportError::not_sent(TransportErrorKind::Connect)));
        assert_eq!(ended(&progress), (1, false, None), "nothing was sent");
        progress.begin();
        assert_eq!(ended(&progress), (2, true, None), "it is being sent");
        progress.end(&Err(TransportError::sent(TransportErrorKind::Interrupted).with_status(StatusCode::BAD_GATEWAY)));
        assert_eq!(ended(&progress), (2, true, Some(StatusCode::BAD_GATEWAY)));
        progress.begin();
        assert_eq!(ended(&progress), (3, true, None));
        progress.end(&Err(TransportError::not_sent(TransportErrorKind::Connect)));
        assert_eq!(ended(&progress), (3, true, None), "the second may have arrived");
    }
}
