//! The total deadline of a call: it covers everything a transport does, waits between attempts included.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use http::StatusCode;
use tokio::time::{Instant, timeout_at};

use super::{BoxFuture, TimeLimit, Transport, TransportError, TransportErrorKind};
use crate::{Request, Response};

/// A deadline with the duration it was made from, which the error names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    /// `None` for a duration that the clock can't count: it never comes.
    at: Option<Instant>,
    after: Duration,
}

impl Deadline {
    /// `after` from now.
    pub(crate) fn new(after: Duration) -> Self {
        Self { at: Instant::now().checked_add(after), after }
    }

    pub(crate) fn at(self) -> Option<std::time::Instant> {
        self.at.map(Instant::into_std)
    }
}

/// The status of an answer that has begun, in the request's extensions: for whoever ends the call before it is whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrival(Arc<AtomicU16>);

impl Arrival {
    /// The one that came with the request, or one that nobody else looks at.
    pub(crate) fn of(request: &Request) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// A new attempt begins: what an earlier one was answered says nothing of it.
    pub(crate) fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, status: StatusCode) {
        self.0.store(status.as_u16(), Ordering::Relaxed);
    }

    /// An error of time, which may have run out within the answer.
    pub(crate) fn timeout(&self, limit: TimeLimit, after: Duration) -> TransportError {
        let error = TransportError::sent(TransportErrorKind::Timeout { limit, after });
        // Zero is no status: nothing has arrived.
        match StatusCode::from_u16(self.0.load(Ordering::Relaxed)) {
            Ok(status) => error.with_status(status),
            Err(_) => error,
        }
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
            return Err(TransportError::not_sent(kind));
        }
        let arrival = Arrival::default();
        request.extensions_mut().insert(arrival.clone());
        timeout_at(at, transport.send(request)).await.unwrap_or_else(|_elapsed| {
            let error = arrival.timeout(TimeLimit::Deadline, deadline.after);
            Err(match transport.base_url() {
                Some(server) => error.with_server(server),
                None => error,
            })
        })
    })
}
