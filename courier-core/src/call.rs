//! Call: a request on its way, one named future for every endpoint and every transport.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use thiserror::Error as DeriveError;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::outcome::reader::{self, Read};
use crate::outcome::{ReturnType, WithResponse};
use crate::request::curl::curl;
use crate::request::{CallOptions, Expiry, InvalidRequest, Request, RequestBuilder, header};
use crate::secret::{Secret, Secrets};
use crate::transport::deadline::send_within;
use crate::transport::{BoxFuture, Response, Transport, TransportError, runtime};

/// A call of an endpoint: what its method returns, to be awaited, or to [`wait`](Self::wait) for.
///
/// `R` is the return type as it is written on the method: `.await` gives just that.
///
/// - It is lazy: nothing is sent before the first poll. Dropping it stops everything.
/// - It is a `Future` and `Send`: await it, `join!` it, spawn it, put it into a `FuturesUnordered`.
/// - Before that you can configure this one call, and look at its request:
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
/// A fake, in place of a server, makes one without a request: [`Call::ready`], [`Call::from_future`].
#[must_use = "a call does nothing unless it is awaited"]
pub struct Call<'a, R> {
    stage: Stage<'a, R>,
    deadline: Option<Duration>,
}

/// The call of an endpoint, for an expansion.
pub fn call<R>(transport: &dyn Transport, request: RequestBuilder, read: Read<R>) -> Call<'_, R> {
    let endpoint = request.endpoint;
    let request = request.finish(reader::accept(endpoint, read));
    Call::at(Stage::Unsent(Unsent { transport, endpoint, request, read }))
}

#[expect(clippy::large_enum_variant, reason = "a request in a box is a second allocation for each call")]
enum Stage<'a, R> {
    Unsent(Unsent<'a, R>),
    Sent {
        transport: &'a dyn Transport,
        endpoint: &'static Endpoint,
        response: BoxFuture<'a, Result<Response, TransportError>>,
        read: Read<R>,
    },
    Fake(BoxFuture<'a, R>),
    Done,
}

struct Unsent<'a, R> {
    transport: &'a dyn Transport,
    endpoint: &'static Endpoint,
    request: Result<Request, InvalidRequest>,
    read: Read<R>,
}

impl<'a, R> Call<'a, R> {
    fn at(stage: Stage<'a, R>) -> Self {
        Self { stage, deadline: None }
    }

    /// A call that has its result already: for a fake that overrides an endpoint's method.
    ///
    /// Implement the trait type by type then: an `impl` for every transport leaves no room for another one.
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

    /// A call whose result comes from your own future: for a fake that takes time or looks something up.
    ///
    /// The options of a call ([`deadline`](Self::deadline) and its like) belong to its request, and have no effect here.
    pub fn from_future(future: impl Future<Output = R> + Send + 'a) -> Self {
        Self::at(Stage::Fake(Box::pin(future)))
    }

    /// Ends the call with [`Error::Timeout`] when this time has passed since it was first polled, instead of the client's own
    /// [deadline](crate::transport::Deadline). Everything counts: connecting, every attempt, waits between them, reading the
    /// body.
    ///
    /// It needs a tokio runtime; without one the call fails with
    /// [`TransportErrorKind::Refused`](crate::transport::TransportErrorKind::Refused). As tokio does, it panics in a runtime whose
    /// timer isn't enabled.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Ends the call with [`Error::TooLarge`] when the response's body has more bytes than this, counted after
    /// decompression, instead of the client's own limit.
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        if let Some(request) = self.request_mut() {
            CallOptions::of_mut(request).max_body_bytes = Some(limit);
        }
        self
    }

    /// Makes at most this many attempts, instead of the client's own number: 1, like 0, means no retry.
    ///
    /// A [`Retry`](crate::transport::Retry) decides which failures are retried; a transport without one makes one attempt.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        if let Some(request) = self.request_mut() {
            CallOptions::of_mut(request).max_attempts = Some(attempts);
        }
        self
    }

    /// Adds a header, and replaces one of the same name. `authorization`, `proxy-authorization` and `cookie` are hidden in `Debug`
    /// and [`curl`](Self::curl); for another header with a secret use [`secret_header`](Self::secret_header).
    ///
    /// With a header that can't be sent (one with a control character, or one that frames the message, such as
    /// `content-length`) the call ends with [`Error::Invalid`], and nothing is sent.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        if let Stage::Unsent(Unsent { request, .. }) = &mut self.stage {
            let set = |built: &mut Request| header::set(built.headers_mut(), name.as_ref(), value.as_ref());
            if let Err(invalid) = request.as_mut().map_or(Ok(()), set) {
                *request = Err(invalid);
            }
        }
        self
    }

    /// Adds a header with a secret, and replaces one of the same name: it is hidden as [`Secret`] says.
    pub fn secret_header(self, name: impl AsRef<str>, value: &Secret) -> Self {
        let mut call = self.header(name.as_ref(), value.expose());
        if let Stage::Unsent(Unsent { request: Ok(request), .. }) = &mut call.stage {
            if let Some(value) = request.headers_mut().get_mut(name.as_ref()) {
                value.set_sensitive(true);
            }
        }
        call
    }

    /// The declaration that is called; `None` for a [`ready`](Self::ready) call or one from a future.
    #[must_use]
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        match self.stage {
            Stage::Unsent(Unsent { endpoint, .. }) | Stage::Sent { endpoint, .. } => Some(endpoint),
            Stage::Fake(_) | Stage::Done => None,
        }
    }

    /// The request that would be sent, without what the transport adds (host, key, user agent).
    ///
    /// Its `Debug` hides headers with credentials, and prints the URI and the body as they are sent, with a [`Secret`] in them.
    ///
    /// `None` if there is none: [`into_request`](Self::into_request) says why.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        match &self.stage {
            Stage::Unsent(Unsent { request, .. }) => request.as_ref().ok(),
            Stage::Sent { .. } | Stage::Fake(_) | Stage::Done => None,
        }
    }

    /// The request, to be signed, printed or sent in another way. A [`deadline`](Self::deadline) counts from here, and is kept by
    /// a [`Deadline`](crate::transport::Deadline) that the request is sent through.
    ///
    /// # Errors
    ///
    /// [`NoRequest`]: why there is none.
    pub fn into_request(self) -> Result<Request, NoRequest> {
        match self.stage {
            Stage::Unsent(Unsent { request, .. }) => {
                let mut request = request?;
                CallOptions::of_mut(&mut request).deadline = self.deadline.map(Expiry::new);
                Ok(request)
            }
            Stage::Fake(_) => Err(NoRequest::Fake),
            Stage::Sent { .. } | Stage::Done => Err(NoRequest::Sent),
        }
    }

    /// The request as a `curl` command, to paste into a shell: without headers that hold credentials, with `[redacted]` in place of
    /// a [`Secret`] in the path, the query or the body, without what the transport adds (the key, say), and with `"$BASE_URL"` if
    /// the transport has no base URL.
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
    /// [`NoRequest`]: why there is no request.
    pub fn curl(&self) -> Result<String, NoRequest> {
        match &self.stage {
            Stage::Unsent(Unsent { transport, request: Ok(request), .. }) => Ok(curl(request, transport.base_url())),
            Stage::Unsent(Unsent { request: Err(invalid), .. }) => Err(invalid.clone().into()),
            Stage::Fake(_) => Err(NoRequest::Fake),
            Stage::Sent { .. } | Stage::Done => Err(NoRequest::Sent),
        }
    }

    /// The same call, with the status and the headers of the response next to its outcome.
    ///
    /// A fake made with [`Call::ready`] or [`Call::from_future`] has no response: it reports 200, no headers and one attempt.
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

    /// One step of the journey; `see` gets the response between its arrival and its reading.
    fn poll_with(&mut self, context: &mut Context<'_>, see: impl FnOnce(&Response)) -> Poll<R> {
        loop {
            match &mut self.stage {
                Stage::Sent { transport, endpoint, response, read } => {
                    let (transport, endpoint, read) = (*transport, *endpoint, *read);
                    let response = ready!(response.as_mut().poll(context));
                    // What the transport still holds for this call is let go before the caller goes on.
                    self.stage = Stage::Done;
                    let response = match response {
                        Ok(mut response) => {
                            note_secrets(transport, &mut response);
                            see(&response);
                            Ok(response)
                        }
                        Err(error) => Err(Error::from_transport(endpoint, error)),
                    };
                    return Poll::Ready(reader::read(endpoint, response, read));
                }
                Stage::Fake(future) => {
                    let result = ready!(future.as_mut().poll(context));
                    self.stage = Stage::Done;
                    return Poll::Ready(result);
                }
                Stage::Done => panic!("a call was polled after it had ended"),
                Stage::Unsent(_) => {}
            }
            // `Unsent` becomes `Sent`, and the loop's next round polls it.
            let Stage::Unsent(Unsent { transport, endpoint, request, read }) =
                std::mem::replace(&mut self.stage, Stage::Done)
            else {
                unreachable!("all other stages returned")
            };
            match request {
                Ok(request) => {
                    self.stage = Stage::Sent { transport, endpoint, response: self.send(transport, request), read }
                }
                Err(source) => {
                    return Poll::Ready(reader::read(endpoint, Err(Error::Invalid { endpoint, source }), read));
                }
            }
        }
    }

    /// Ends a call that can't be carried out.
    pub(crate) fn fail(self, error: TransportError) -> R {
        match self.stage {
            Stage::Unsent(Unsent { endpoint, read, .. }) | Stage::Sent { endpoint, read, .. } => {
                reader::read(endpoint, Err(Error::from_transport(endpoint, error)), read)
            }
            // No transport has a part in it.
            Stage::Fake(future) => runtime::block_on(None, future),
            Stage::Done => panic!("a call was polled after it had ended"),
        }
    }

    fn request_mut(&mut self) -> Option<&mut Request> {
        match &mut self.stage {
            Stage::Unsent(Unsent { request, .. }) => request.as_mut().ok(),
            Stage::Sent { .. } | Stage::Fake(_) | Stage::Done => None,
        }
    }

    /// Hands the request to the transport. The deadline's clock starts here.
    fn send(
        &mut self,
        transport: &'a dyn Transport,
        request: Request,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        let secrets = Secrets::of_request(&request);
        let response = match self.deadline.map(Expiry::new) {
            Some(deadline) => send_within(deadline, transport, request),
            None => transport.send(request),
        };
        if secrets.is_empty() {
            return response;
        }
        // The transport may know nothing of secrets.
        Box::pin(async move {
            let mut response = response.await?;
            secrets.note(&mut response);
            Ok(response)
        })
    }
}

/// A transport on the way may have built the response anew, without its extensions.
fn note_secrets(transport: &dyn Transport, response: &mut Response) {
    if let Some(secrets) = transport.secrets() {
        if response.extensions().get::<Secrets>().is_none() {
            secrets.note(response);
        }
    }
}

impl<R> Future for Call<'_, R> {
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R> {
        self.poll_with(context, |_| ())
    }
}

impl<R> fmt::Debug for Call<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match &self.stage {
            Stage::Unsent(_) => "unsent",
            Stage::Sent { .. } => "sent",
            Stage::Fake(_) => "fake",
            Stage::Done => "done",
        };
        let mut debug = f.debug_struct("Call");
        debug.field("stage", &stage);
        if let Some(endpoint) = self.endpoint() {
            debug.field("endpoint", &format_args!("{endpoint}"));
        }
        debug.finish_non_exhaustive()
    }
}

/// A [`Call`] that gives the status and the headers of the response next to its outcome: [`Call::with_response`].
#[must_use = "a call does nothing unless it is awaited"]
#[derive(Debug)]
pub struct CallWithResponse<'a, R> {
    call: Call<'a, R>,
    head: Option<WithResponse<()>>,
}

impl<R: ReturnType> CallWithResponse<'_, R> {
    /// Ends a call that can't be carried out.
    pub(crate) fn fail(self, error: TransportError) -> Result<WithResponse<R::Success>, R::Failure> {
        self.call.fail(error).into_result().map(|_| unreachable!("an error is no outcome"))
    }
}

impl<R: ReturnType> Future for CallWithResponse<'_, R> {
    type Output = Result<WithResponse<R::Success>, R::Failure>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, head } = &mut *self;
        let result = ready!(call.poll_with(context, |response| *head = Some(WithResponse::new((), response))));
        Poll::Ready(result.into_result().map(|outcome| {
            let head = head.take().unwrap_or_else(|| WithResponse::new((), &Response::default()));
            head.map(|()| outcome)
        }))
    }
}

/// Why a call has no request to look at.
#[derive(Clone, Debug, DeriveError, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoRequest {
    /// It could not be built.
    #[error(transparent)]
    Invalid(#[from] InvalidRequest),
    /// The call was polled: its request is with the transport.
    #[error("the call was polled, and its request is on its way; look at it before")]
    Sent,
    /// The call was made with [`Call::ready`] or [`Call::from_future`].
    #[error("the call was made with `Call::ready` or `Call::from_future`: it has no request")]
    Fake,
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::CallOptions;
    use crate::MemoryTransport;
    use crate::messages::Messages as _;

    #[test]
    fn a_request_that_is_taken_out_keeps_what_was_asked_for_the_call() {
        let transport = MemoryTransport::new();
        let call = transport.cancel("1").deadline(Duration::from_secs(9)).max_body_bytes(7).max_attempts(5);
        let options = CallOptions::of(&call.into_request().expect("a request"));
        assert_eq!((options.max_body_bytes(), options.max_attempts()), (Some(7), Some(5)));
        assert!(options.deadline().is_some_and(|deadline| deadline > Instant::now()));
    }

    #[test]
    fn a_credential_of_one_call_is_in_no_text() {
        let transport = MemoryTransport::new();
        let call = transport.cancel("1").header("authorization", "Bearer s3cret").header("cookie", "session=s3cret");
        let texts = [format!("{call:?}"), format!("{:?}", call.request()), call.curl().expect("a request")];
        assert!(texts.iter().all(|text| !text.contains("s3cret")), "{texts:?}");
    }
}
