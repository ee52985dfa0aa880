//! The deadline of a call, which covers everything that a transport does, including the waits between attempts.

use std::time::Duration;

use tokio::time::timeout_at;

use super::whole::Wanted;
use super::{BoxFuture, Response, TimeLimit, Transport, TransportError, TransportErrorKind, runtime};
use crate::request::{CallOptions, Expiry, Progress, Request};

/// Sets a deadline for every call. The [deadline](crate::Call::deadline) of a single call replaces it, and describes what the time
/// includes.
///
/// [`Courier`](crate::Courier) has one built in. For your own API, wrap the transport, outside of
/// [`Retry`](super::Retry). Inside, it would limit each attempt, and an attempt that reaches it isn't retried:
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
/// Like [`Call::deadline`](crate::Call::deadline), it needs a tokio runtime with its timer enabled.
#[doc(alias = "timeout")]
#[derive(Clone, Debug)]
pub struct Deadline<T> {
    transport: T,
    after: Duration,
}

impl<T: Transport> Deadline<T> {
    /// Wraps `transport`. Calls that take longer than `after` end with [`Error::Timeout`](crate::Error::Timeout).
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
        let CallOptions { deadline, progress, .. } = CallOptions::get(&request);
        match (*deadline, progress) {
            // The call itself ends at its deadline.
            (Some(_), Some(_)) => self.transport.send(request),
            (deadline, _) => send_within(deadline.unwrap_or_else(|| Expiry::new(self.after)), &self.transport, request),
        }
    }
}

/// Sends the request, and drops the inner future at the deadline, which stops the call.
///
/// A request that was being sent at the deadline may have arrived.
pub(crate) fn send_within(
    deadline: Expiry,
    transport: &dyn Transport,
    mut request: Request,
) -> BoxFuture<'_, Result<Response, TransportError>> {
    let options = CallOptions::of_mut(&mut request);
    // A retry doesn't wait beyond it.
    options.deadline = Some(deadline);
    let Some(at) = deadline.at else { return transport.send(request) };
    let progress = Progress::default();
    options.progress = Some(progress.clone());
    let wanted = Wanted::of(options);
    Box::pin(async move {
        // With a deadline of zero, nothing is sent. The timer alone would first poll the future once.
        if deadline.after.is_zero() {
            let kind = TransportErrorKind::Timeout { limit: TimeLimit::Deadline, after: deadline.after };
            return Err(TransportError::not_sent(kind).with_attempts(0));
        }
        runtime::check()?;
        let mut result = timeout_at(at, transport.send(request)).await;
        if let Some(response) = result.as_mut().ok().and_then(|result| wanted.left_in(result)) {
            result = timeout_at(at, wanted.read_during(response, &progress)).await;
        }
        result.unwrap_or_else(|_elapsed| {
            let error = progress.timeout(TimeLimit::Deadline, deadline.after);
            Err(match transport.base_url() {
                Some(server) => error.with_server(server),
                None => error,
            })
        })
    })
}
