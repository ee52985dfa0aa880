//! The deadline of a call: it covers everything that a transport does, waits between attempts included.

use std::time::Duration;

use tokio::time::timeout_at;

use super::{BoxFuture, Response, TimeLimit, Transport, TransportError, TransportErrorKind, runtime};
use crate::request::{CallOptions, Expiry, Progress, Request};

/// Ends every call that takes longer than a time of your choice, unless the call has a [deadline](crate::Call::deadline) of
/// its own.
///
/// [`Courier`](crate::Courier) has one. For any other API, put it around the transport, outside of a
/// [`Retry`](super::Retry):
///
/// ```
/// use std::time::Duration;
/// use courier_core::ReqwestTransport;
/// use courier_core::transport::{Deadline, Retry};
///
/// let github = ReqwestTransport::builder("https://api.github.com").build()?;
/// let github = Deadline::new(Retry::new(github), Duration::from_secs(60));
/// # Ok::<(), courier_core::ConfigError>(())
/// ```
///
/// It needs a tokio runtime with its timer enabled, as [`Call::deadline`](crate::Call::deadline) does.
#[doc(alias = "timeout")]
#[derive(Clone, Debug)]
pub struct Deadline<T> {
    transport: T,
    after: Duration,
}

impl<T: Transport> Deadline<T> {
    /// Ends calls over `transport` with [`Error::Timeout`](crate::Error::Timeout) when they take longer than `after`.
    #[must_use]
    pub fn new(transport: T, after: Duration) -> Self {
        Self { transport, after }
    }
}

impl<T: Transport> Transport for Deadline<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.transport)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let CallOptions { deadline, progress, .. } = CallOptions::of(&request);
        match (deadline, progress) {
            // The call sees to it.
            (Some(_), Some(_)) => self.transport.send(request),
            (deadline, _) => send_within(deadline.unwrap_or_else(|| Expiry::new(self.after)), &self.transport, request),
        }
    }
}

/// Sends, and ends with an error at the deadline. Dropping the inner future then stops the call.
///
/// A request that was on its way when time ran out may have arrived.
pub(crate) fn send_within(
    deadline: Expiry,
    transport: &dyn Transport,
    mut request: Request,
) -> BoxFuture<'_, Result<Response, TransportError>> {
    let options = CallOptions::of_mut(&mut request);
    // A wait between attempts has to fit into it.
    options.deadline = Some(deadline);
    let Some(at) = deadline.at else { return transport.send(request) };
    let progress = Progress::default();
    options.progress = Some(progress.clone());
    Box::pin(async move {
        // A deadline of zero lets nothing out: the timer would give the future one poll first.
        if deadline.after.is_zero() {
            let kind = TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: deadline.after };
            return Err(TransportError::not_sent(kind).with_attempts(0));
        }
        runtime::check()?;
        timeout_at(at, transport.send(request)).await.unwrap_or_else(|_elapsed| {
            let error = progress.timeout(TimeLimit::Deadline, deadline.after);
            Err(match transport.base_url() {
                Some(server) => error.with_server(server),
                None => error,
            })
        })
    })
}
