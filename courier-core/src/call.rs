//! Call: the future that every endpoint method returns, for all transports.

mod sending;
mod with_response;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use thiserror::Error as DeriveError;

use self::sending::{Sending, Stage};
pub use self::with_response::CallWithResponse;
use crate::endpoint::Endpoint;
use crate::outcome::reader::{Kept, Read};
use crate::request::curl::curl;
use crate::request::{InvalidRequest, Request, RequestBuilder};
use crate::secret::Secret;
use crate::transport::{BoxFuture, Response, Transport, TransportError, runtime};

/// A call of an endpoint: the future that its method returns. To block on it instead, use [`wait`](Self::wait).
///
/// `R` is the return type that the method is declared with, and the output of the future.
///
/// - It is lazy: nothing is sent before the first poll. Dropping it stops the call.
/// - It is a `Future` and `Send`: await it, `join!` it, spawn it, or put it into a `FuturesUnordered`.
/// - Before it is polled, you can configure this one call, and inspect its request:
///
/// ```
/// use std::time::Duration;
/// use courier_core::{MemoryTransport, messages::Messages};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer(404, "");
///
/// let call = transport
///     .cancel("1-65f0c0e1")
///     .header("x-request-id", "7f3c")
///     .deadline(Duration::from_secs(3));
/// assert_eq!(call.request().unwrap().uri(), "/messages/1-65f0c0e1/cancel");
///
/// assert_eq!(call.await.unwrap_err().status().unwrap(), 404);
/// # })
/// ```
///
/// In tests, [`Call::ready`] and [`Call::from_future`] create calls without a request.
#[must_use = "a call does nothing unless it is awaited"]
pub struct Call<'a, R> {
    sending: Sending<'a>,
    result: Source<'a, R>,
}

/// What makes the result of a call. Everything else is the same for every type, and compiled once.
enum Source<'a, R> {
    /// Its response.
    Response(Read<R>),
    /// A future in place of the call.
    Fake(BoxFuture<'a, R>),
}

/// Creates the call of an endpoint, for an expansion.
pub fn call<R>(transport: &dyn Transport, request: RequestBuilder, read: Read<R>) -> Call<'_, R> {
    let sending = Sending::new(transport, request, read as usize, &mut Kept::new(read));
    Call { sending, result: Source::Response(read) }
}

impl<'a, R> Call<'a, R> {
    /// Creates a call that already has its result, for a fake that overrides an endpoint method.
    ///
    /// For this, implement the trait for each type separately: an `impl` for every transport conflicts with any other.
    ///
    /// ```
    /// use courier_core::messages::{Cancellation, MessageDetails, MessageStatus, Timestamp};
    /// use courier_core::transport::{BoxFuture, TransportError};
    /// use courier_core::{Call, Courier, MemoryTransport, Request, Response, Result, Transport, endpoint};
    ///
    /// trait Cancelling: Transport {
    ///     #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    ///     async fn cancel(&self, message_id: &str) -> Result<Cancellation>;
    /// }
    /// impl Cancelling for Courier {}
    ///
    /// struct AlwaysTooLate(MemoryTransport);
    ///
    /// impl Transport for AlwaysTooLate {
    ///     fn inner(&self) -> Option<&dyn Transport> {
    ///         Some(&self.0)
    ///     }
    ///
    ///     fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
    ///         self.0.send(request)
    ///     }
    /// }
    /// impl Cancelling for AlwaysTooLate {
    ///     fn cancel(&self, message_id: &str) -> Call<'_, Result<Cancellation>> {
    ///         let status = MessageStatus::Delivered;
    ///         let message = MessageDetails::new(message_id, status, Timestamp::now(), "ada", "welcome", "n1");
    ///         Call::ready(Ok(Cancellation::Conflict(message)))
    ///     }
    /// }
    ///
    /// let real_or_fake: Box<dyn Cancelling> = Box::new(AlwaysTooLate(MemoryTransport::new()));
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// assert!(matches!(real_or_fake.cancel("1").await.unwrap(), Cancellation::Conflict(_)));
    /// # })
    /// ```
    pub fn ready(result: R) -> Self
    where
        R: Send + 'a,
    {
        Self::from_future(std::future::ready(result))
    }

    /// Creates a call whose result comes from your own future, for a fake that takes time or looks something up.
    ///
    /// The options of a call, such as [`deadline`](Self::deadline), belong to its request, and have no effect here.
    pub fn from_future(future: impl Future<Output = R> + Send + 'a) -> Self {
        Self { sending: Sending::fake(), result: Source::Fake(Box::pin(future)) }
    }

    /// Sets a deadline for this call, which replaces the client's [deadline](crate::transport::Deadline). If the call takes
    /// longer, counted from its first poll, it ends with [`Error::Timeout`](crate::Error::Timeout). The time includes connecting, every attempt,
    /// the waits between them, and reading the body. For a body that is read as a stream, it ends with the response's head; use
    /// [`stream_timeout`](Self::stream_timeout) for the rest.
    ///
    /// This needs a tokio runtime: without one, the call fails with
    /// [`TransportErrorKind::Refused`](crate::transport::TransportErrorKind::Refused). Like tokio, it panics in a runtime
    /// whose timer isn't enabled.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.sending.deadline = Some(deadline);
        self
    }

    /// Sets the maximum size of the response's body, in bytes after decompression, which replaces the client's limit. If
    /// the body is larger, the call ends with [`Error::TooLarge`](crate::Error::TooLarge).
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        self.sending.set_max_body_bytes(limit);
        self
    }

    /// Sets the timeout of each attempt, which replaces the client's, for example for an upload that takes longer: from
    /// connecting to the last byte of the response, or to its head if the body is read as a stream.
    ///
    /// The transports over the network have this limit, and `Courier` with them. If the client has a [`deadline`](Self::deadline), it may
    /// need to be longer too.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.sending.limit(|limits| limits.attempt_timeout = Some(timeout));
        self
    }

    /// Sets the longest time without a byte of a body that is read as a stream, such as a [`Download`](crate::Download), which
    /// replaces the client's. It counts only while a byte is waited for. If it takes longer, the stream ends with
    /// [`Error::Timeout`](crate::Error::Timeout).
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.sending.limit(|limits| limits.stream.idle = Some(timeout));
        self
    }

    /// Sets the longest time for a body that is read as a stream, from the response's head to its last byte, which replaces the
    /// client's. If it takes longer, the stream ends with [`Error::Timeout`](crate::Error::Timeout).
    pub fn stream_timeout(mut self, timeout: Duration) -> Self {
        self.sending.limit(|limits| limits.stream.total = Some(timeout));
        self
    }

    /// Sets the maximum number of attempts, which replaces the client's. With 1 or 0, nothing is retried.
    ///
    /// [`Retry`](crate::transport::Retry) decides which failures are retried. A transport without it makes one attempt.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.sending.set_max_attempts(attempts);
        self
    }

    /// Sets a header, and replaces one of the same name. `authorization`, `proxy-authorization` and `cookie` are hidden in
    /// `Debug` and [`curl`](Self::curl). For a secret in any other header, use [`secret_header`](Self::secret_header).
    ///
    /// If the header can't be sent, because it contains a control character or frames the message (such as
    /// `content-length`), the call ends with [`Error::Invalid`](crate::Error::Invalid), and nothing is sent.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.sending.set_header(name.as_ref(), value.as_ref());
        self
    }

    /// Sets a header with a secret, and replaces one of the same name. The value is hidden as described for [`Secret`].
    pub fn secret_header(mut self, name: impl AsRef<str>, value: &Secret) -> Self {
        self.sending.set_secret_header(name.as_ref(), value);
        self
    }

    /// Returns the declaration of the called endpoint; `None` for a call from [`ready`](Self::ready) or
    /// [`from_future`](Self::from_future).
    #[must_use]
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        self.sending.endpoint()
    }

    /// Returns the request that would be sent, without what the transport adds (host, key, user agent). If it is `None`,
    /// the error of [`into_request`](Self::into_request) says why. For its declaration, use [`endpoint`](Self::endpoint): the
    /// extensions with the declaration and the options of the call are added when the request is sent or taken.
    ///
    /// Its `Debug` hides headers with credentials, but prints the URI and the body as they are sent, including any
    /// [`Secret`].
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        self.sending.request().ok()
    }

    /// Returns the request, to sign it, print it or send it in another way. A [`deadline`](Self::deadline) starts now, and
    /// applies if the request is sent through a [`Deadline`](crate::transport::Deadline).
    ///
    /// # Errors
    ///
    /// Returns [`NoRequest`] if the call has no request, or no longer has it.
    pub fn into_request(self) -> Result<Request, NoRequest> {
        self.sending.into_request()
    }

    /// Returns the request as a `curl` command to paste into a shell.
    ///
    /// Headers with credentials and what the transport adds, such as the key, are left out. A [`Secret`] in the path, the
    /// query or the body is replaced by `[redacted]`, and the base URL by `"$BASE_URL"` if the transport has none.
    ///
    /// ```
    /// use courier_core::{Courier, messages::Messages};
    ///
    /// let courier = Courier::new("pk_prod_0123456789")?;
    /// assert_eq!(
    ///     courier.cancel("1-65f0c0e1").curl()?,
    ///     "curl --globoff --path-as-is --request POST --header 'accept: application/json' \
    ///      --header 'content-type:' --data-raw '' 'https://api.courier.com/messages/1-65f0c0e1/cancel'"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`NoRequest`] if the call has no request, or no longer has it.
    pub fn curl(&self) -> Result<String, NoRequest> {
        self.sending.curl()
    }

    /// Makes the call return the status and the headers of the response along with the outcome.
    ///
    /// A call from [`Call::ready`] or [`Call::from_future`] has no response; it returns 200, no headers and one attempt.
    ///
    /// ```
    /// use courier_core::{MemoryTransport, messages::Messages};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let message = r#"{"id": "1", "status": "CANCELED", "enqueued": 0, "recipient": "", "event": "", "notification": ""}"#;
    /// let transport = MemoryTransport::new().answer(200, message);
    ///
    /// let cancelled = transport.cancel("1-65f0c0e1").with_response().await.unwrap();
    /// assert_eq!(cancelled.status, 200);
    /// assert_eq!(cancelled.outcome.details().status.as_str(), "CANCELED");
    /// assert_eq!(cancelled.headers.get("x-request-id"), None);
    /// # })
    /// ```
    pub fn with_response(self) -> CallWithResponse<'a, R> {
        CallWithResponse { call: self, head: None }
    }

    /// Polls the call. `see` gets the response before it is read.
    fn poll_with(&mut self, context: &mut Context<'_>, see: &mut dyn FnMut(&Response)) -> Poll<R> {
        match &mut self.result {
            Source::Response(read) => {
                let mut kept = Kept::new(*read);
                match self.sending.poll(context, &mut kept, see) {
                    Poll::Ready(()) => Poll::Ready(kept.into_result()),
                    Poll::Pending => Poll::Pending,
                }
            }
            Source::Fake(future) => {
                self.sending.assert_not_done();
                let polled = Pin::new(future).poll(context);
                if polled.is_ready() {
                    self.sending.stage = Stage::Done;
                }
                polled
            }
        }
    }

    /// Ends a call that can't be carried out.
    pub(crate) fn fail(self, error: TransportError) -> R {
        match self.result {
            Source::Response(read) => {
                let mut kept = Kept::new(read);
                self.sending.fail(error, &mut kept);
                kept.into_result()
            }
            // It doesn't use the transport.
            Source::Fake(future) => {
                self.sending.assert_not_done();
                runtime::block_on(None, future)
            }
        }
    }
}

impl<R> Future for Call<'_, R> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        self.poll_with(context, &mut |_| ())
    }
}

impl<R> fmt::Debug for Call<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Call");
        debug.field("stage", &self.sending.stage.name());
        if let Some(endpoint) = self.endpoint() {
            debug.field("endpoint", &format_args!("{endpoint}"));
        }
        debug.finish_non_exhaustive()
    }
}

/// Why a call has no request.
#[derive(Clone, Debug, DeriveError, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoRequest {
    /// The request is invalid.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The call was polled, and the transport has its request.
    #[error("the request was already sent; look at it before the call is polled")]
    Sent,
    /// The call comes from [`Call::ready`] or [`Call::from_future`].
    #[error("a call made with `Call::ready` or `Call::from_future` has no request")]
    Fake,
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use crate::CallOptions;
    use crate::messages::Messages as _;
    use crate::{Endpoint, MemoryTransport};

    #[test]
    fn the_request_of_a_call_keeps_its_options() {
        let transport = MemoryTransport::new();
        let call = transport.cancel("1").deadline(Duration::from_secs(9)).max_body_bytes(7).max_attempts(5);
        let options = CallOptions::of(&call.into_request().expect("a request"));
        assert_eq!((options.max_body_bytes(), options.max_attempts()), (Some(7), Some(5)));
        assert!(options.deadline().is_some_and(|deadline| deadline > Instant::now()));
    }

    #[test]
    fn a_request_has_its_declaration_as_soon_as_it_is_taken_or_sent() {
        let transport = MemoryTransport::new();
        let taken = || transport.cancel("1").into_request().expect("a request");
        let optional = transport.cancel("1").max_attempts(2).into_request().expect("a request");
        drop(transport.cancel("1").wait());
        drop(transport.cancel("1").max_body_bytes(7).wait());
        let sent = transport.requests();
        let endpoints =
            [Endpoint::of(&taken()), Endpoint::of(&optional), Endpoint::of(&sent[0]), Endpoint::of(&sent[1])];
        assert_eq!(endpoints, [transport.cancel("1").endpoint(); 4]);
        assert!(endpoints[0].is_some());
    }

    #[test]
    fn a_credential_of_one_call_never_appears() {
        let transport = MemoryTransport::new();
        let call = transport.cancel("1").header("authorization", "Bearer s3cret").header("cookie", "session=s3cret");
        let texts = [format!("{call:?}"), format!("{:?}", call.request()), call.curl().expect("a request")];
        assert!(texts.iter().all(|text| !text.contains("s3cret")), "{texts:?}");
    }
}
