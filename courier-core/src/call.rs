//! Call: a request on its way, one named future for every endpoint and every transport.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::outcome::reader::{self, Read};
use crate::outcome::{ReturnType, WithResponse};
use crate::request::curl::curl;
use crate::request::{CallOptions, Expiry, InvalidRequest, Request, RequestBuilder, header};
use crate::secret::{Secret, Secrets};
use crate::transport::deadline::send_within;
use crate::transport::{BoxFuture, Response, Transport, TransportError};

/// A call of an endpoint: what its method returns, to be awaited.
///
/// `R` is the return type as it was written on the method, so that `.await` gives just that.
///
/// - It is lazy: nothing is sent before the first poll. Dropping it stops everything.
/// - It is a `Future` and `Send`: await it, `join!` it, spawn it, put it into a `FuturesUnordered`.
/// - Before that it can be configured, for this call alone, and looked at:
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
/// A fake that stands in for a server makes one by hand: [`Call::ready`], [`Call::from_future`].
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
        answer: BoxFuture<'a, Result<Response, TransportError>>,
        read: Read<R>,
    },
    ByHand(BoxFuture<'a, R>),
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
    /// The trait is then implemented type by type, since an `impl` for every transport leaves no room for another one:
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

    /// A call that a future of yours answers: for a fake that takes time or looks something up.
    ///
    /// The options of a call ([`deadline`](Self::deadline) and its like) belong to its request, and have no effect here.
    pub fn from_future(future: impl Future<Output = R> + Send + 'a) -> Self {
        Self::at(Stage::ByHand(Box::pin(future)))
    }

    /// Ends the call with [`Error::Timeout`] when this time has passed since it was first polled, in place of the
    /// client's own deadline. Everything counts: connecting, every attempt, waits between them, reading the body.
    ///
    /// It needs a tokio runtime; without one the call fails with
    /// [`TransportErrorKind::Refused`](crate::transport::TransportErrorKind::Refused). As tokio does, it panics in a runtime whose
    /// timer isn't enabled.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Ends the call with [`Error::TooLarge`] when the answer's body has more bytes than this, counted after
    /// decompression, in place of the client's own limit.
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        if let Some(request) = self.request_mut() {
            CallOptions::of_mut(request).max_body_bytes = Some(limit);
        }
        self
    }

    /// Sends this request at the most this often, in place of the client's own number: 1 (as 0) never sends it again.
    ///
    /// Which failures are retried is for the [`Retry`](crate::transport::Retry) to say that the client has inside; a transport
    /// without one sends once.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        if let Some(request) = self.request_mut() {
            CallOptions::of_mut(request).max_attempts = Some(attempts);
        }
        self
    }

    /// Adds a header, in place of one of the same name. `authorization`, `proxy-authorization` and `cookie` are hidden in `Debug`
    /// and [`curl`](Self::curl); for another header with a secret use [`secret_header`](Self::secret_header).
    ///
    /// A header that can't be sent (a control character in it, say, or one that frames the message such as
    /// `content-length`) makes the call end with [`Error::Invalid`]; nothing is sent then.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        if let Stage::Unsent(Unsent { request, .. }) = &mut self.stage {
            let set = |built: &mut Request| header::set(built.headers_mut(), name.as_ref(), value.as_ref());
            if let Err(invalid) = request.as_mut().map_or(Ok(()), set) {
                *request = Err(invalid);
            }
        }
        self
    }

    /// Adds a header with a secret, in place of one of the same name: it is hidden as [`Secret`] says.
    pub fn secret_header(self, name: impl AsRef<str>, value: &Secret) -> Self {
        let mut call = self.header(name.as_ref(), value.expose());
        if let Stage::Unsent(Unsent { request: Ok(request), .. }) = &mut call.stage {
            if let Some(value) = request.headers_mut().get_mut(name.as_ref()) {
                value.set_sensitive(true);
            }
        }
        call
    }

    /// The declaration that is called; `None` for a call made by hand.
    #[must_use]
    pub fn endpoint(&self) -> Option<&'static Endpoint> {
        match self.stage {
            Stage::Unsent(Unsent { endpoint, .. }) | Stage::Sent { endpoint, .. } => Some(endpoint),
            Stage::ByHand(_) | Stage::Done => None,
        }
    }

    /// The request that would be sent, without what the transport adds (host, key, user agent).
    ///
    /// Its `Debug` hides headers with credentials, and prints the URI and the body as they are sent, with a [`Secret`] in them.
    ///
    /// `None` where there is none: it could not be built ([`into_request`](Self::into_request) says why), it was handed to
    /// the transport already, or the call was made by hand.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        match &self.stage {
            Stage::Unsent(Unsent { request, .. }) => request.as_ref().ok(),
            Stage::Sent { .. } | Stage::ByHand(_) | Stage::Done => None,
        }
    }

    /// The request, to be signed, printed or sent in another way. A [`deadline`](Self::deadline) counts from here: a
    /// [`Courier`](crate::Courier) that the request is sent by keeps it, and any other transport may.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`]: why there is none.
    pub fn into_request(self) -> Result<Request, InvalidRequest> {
        match self.stage {
            Stage::Unsent(Unsent { request, .. }) => request.map(|mut request| {
                CallOptions::of_mut(&mut request).deadline = self.deadline.map(Expiry::new);
                request
            }),
            Stage::ByHand(_) => Err(InvalidRequest::ByHand),
            Stage::Sent { .. } | Stage::Done => Err(InvalidRequest::Sent),
        }
    }

    /// The request as a `curl` command, to paste into a shell: without headers that hold credentials, with `[redacted]` in place of
    /// a [`Secret`] in the path, the query or the body, without what the transport adds (the key, say), and with `"$BASE_URL"` where
    /// the transport does not tell its base URL.
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
    /// [`InvalidRequest`]: why there is no request. One that was handed to the transport is there no more.
    pub fn curl(&self) -> Result<String, InvalidRequest> {
        match &self.stage {
            Stage::Unsent(Unsent { transport, request, .. }) => {
                request.as_ref().map(|request| curl(request, transport.base_url())).map_err(Clone::clone)
            }
            Stage::ByHand(_) => Err(InvalidRequest::ByHand),
            Stage::Sent { .. } | Stage::Done => Err(InvalidRequest::Sent),
        }
    }

    /// The same call, with the answer's status and headers beside its outcome.
    ///
    /// ```
    /// use courier_core::{MemoryTransport, messages::Messages};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let message = r#"{"id": "1", "status": "CANCELED", "enqueued": 0, "recipient": "", "event": "", "notification": ""}"#;
    /// let transport = MemoryTransport::new().answer(200, message);
    ///
    /// let answered = transport.cancel("1-65f0c0e1").with_response().await.unwrap();
    /// assert_eq!(answered.status, 200);
    /// assert_eq!(answered.outcome.details().status.as_str(), "CANCELED");
    /// assert_eq!(answered.headers.get("x-request-id"), None);
    /// # })
    /// ```
    pub fn with_response(self) -> CallWithResponse<'a, R> {
        CallWithResponse { call: self, answer: None }
    }

    /// One step of the journey; `see` gets the answer between its arrival and its reading.
    fn poll_with(&mut self, context: &mut Context<'_>, see: impl FnOnce(&Response)) -> Poll<R> {
        loop {
            match &mut self.stage {
                Stage::Sent { transport, endpoint, answer, read } => {
                    let (transport, endpoint, read) = (*transport, *endpoint, *read);
                    let answer = ready!(answer.as_mut().poll(context));
                    // What the transport still holds for this call is let go before the caller goes on.
                    self.stage = Stage::Done;
                    let answer = match answer {
                        Ok(mut response) => {
                            note_secrets(transport, &mut response);
                            see(&response);
                            Ok(response)
                        }
                        Err(error) => Err(Error::from_transport(endpoint, error)),
                    };
                    return Poll::Ready(reader::read(endpoint, answer, read));
                }
                Stage::ByHand(future) => {
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
                    self.stage = Stage::Sent { transport, endpoint, answer: self.send(transport, request), read }
                }
                Err(source) => {
                    return Poll::Ready(reader::read(endpoint, Err(Error::Invalid { endpoint, source }), read));
                }
            }
        }
    }

    fn request_mut(&mut self) -> Option<&mut Request> {
        match &mut self.stage {
            Stage::Unsent(Unsent { request, .. }) => request.as_mut().ok(),
            Stage::Sent { .. } | Stage::ByHand(_) | Stage::Done => None,
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
            Stage::ByHand(_) => "by hand",
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

/// A [`Call`] that gives the answer's status and headers beside its outcome: [`Call::with_response`].
#[must_use = "a call does nothing unless it is awaited"]
#[derive(Debug)]
pub struct CallWithResponse<'a, R> {
    call: Call<'a, R>,
    answer: Option<WithResponse<()>>,
}

impl<R: ReturnType> Future for CallWithResponse<'_, R> {
    type Output = Result<WithResponse<R::Success>, R::Failure>;

    /// # Panics
    ///
    /// If the call was made by hand and succeeds: there is no answer whose status and headers could be given.
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, answer } = &mut *self;
        let result = ready!(call.poll_with(context, |response| *answer = Some(WithResponse::new((), response))));
        Poll::Ready(result.into_result().map(|outcome| {
            let answer = answer.take().expect("`with_response` on a call made by hand: use a MemoryTransport");
            answer.map(|()| outcome)
        }))
    }
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
