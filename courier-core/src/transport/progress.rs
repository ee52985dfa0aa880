//! What transports note about a call on its way, for whoever ends it at a deadline.

use std::time::Duration;

use http::HeaderMap;

use super::{Attempts, Response, TimeLimit, TransportError, TransportErrorKind};
use crate::request::{Progress, State};

impl Progress {
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

    /// A new attempt begins: the status of an earlier one says nothing about it.
    #[cfg(feature = "reqwest")]
    pub(crate) fn reset(&self) {
        self.update(|state| state.status = None);
    }

    #[cfg(feature = "reqwest")]
    pub(crate) fn set(&self, status: http::StatusCode) {
        self.update(|state| state.status = Some(status));
    }

    /// An error of time, which may have run out within the response.
    pub(crate) fn timeout(&self, limit: TimeLimit, after: Duration) -> TransportError {
        let State { attempts, may_have_arrived, is_between, status } = self.state();
        let kind = TransportErrorKind::Timeout { limit, after };
        let error = if is_between { TransportError::not_sent(kind) } else { TransportError::sent(kind) };
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

    /// Time seldom runs out there: a wait that does not fit is not begun.
    #[test]
    fn a_deadline_between_two_attempts_reports_those_that_were_made() {
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
