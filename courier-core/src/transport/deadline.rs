//! The total deadline of a call: it covers everything a transport does, waits between attempts included.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::{BoxFuture, TimeLimit, Transport, TransportError, TransportErrorKind};
use crate::{Request, Response};

/// A deadline with the duration it was made from, which the error names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    at: Instant,
    after: Duration,
}

impl Deadline {
    /// `after` from now; a duration too long for the clock is no deadline.
    pub(crate) fn new(after: Duration) -> Option<Self> {
        Some(Self { at: Instant::now().checked_add(after)?, after })
    }

    pub(crate) fn at(self) -> Instant {
        self.at
    }
}

/// Sends, and ends with an error at the deadline. Dropping the inner future then stops the call.
///
/// A request that was on its way when time ran out may have arrived.
pub(crate) fn send_within(
    deadline: Deadline,
    transport: &dyn Transport,
    request: Request,
) -> BoxFuture<'_, Result<Response, TransportError>> {
    Box::pin(async move {
        let timeout = TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: deadline.after };
        // A deadline of zero lets nothing out: the timer would give the future one poll first.
        if deadline.after.is_zero() {
            return Err(TransportError::not_sent(timeout));
        }
        timeout_at(deadline.at, transport.send(request))
            .await
            .unwrap_or_else(|_elapsed| Err(TransportError::sent(timeout)))
    })
}
