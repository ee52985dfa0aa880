//! The transport for unit tests: returns prepared responses, records requests, and needs no network and no runtime.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::{HeaderName, HeaderValue, StatusCode};

use super::whole::Wanted;
use super::{BoxFuture, Response, Transport, TransportError, TransportErrorKind};
use crate::body::{Body, Uncollected};
use crate::request::{CallOptions, Request, WholeRequest};
use crate::secret::Secrets;

/// Returns prepared responses in order, and records every request.
///
/// ```
/// use courier_core::messages::{Cancellation, Messages};
/// use courier_core::MemoryTransport;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer(
///     409,
///     r#"{"id": "1-65f0c0e1", "status": "DELIVERED", "enqueued": 1732366800000,
///         "recipient": "ada", "event": "welcome", "notification": "n1"}"#,
/// );
///
/// let outcome = transport.cancel("1-65f0c0e1").await.unwrap();
/// assert!(matches!(outcome, Cancellation::Conflict(_)));
///
/// let request = &transport.requests()[0];
/// assert_eq!(request.method(), "POST");
/// assert_eq!(request.uri(), "/messages/1-65f0c0e1/cancel");
/// # })
/// ```
///
/// Clones share responses and requests, so a test can keep one clone and pass on another.
#[doc(alias = "mock")]
#[derive(Clone, Default)]
pub struct MemoryTransport(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    answers: VecDeque<Result<Response, TransportError>>,
    respond: Option<Respond>,
    requests: Vec<WholeRequest>,
}

type Respond = Arc<dyn Fn(&WholeRequest) -> Result<Response, TransportError> + Send + Sync>;

impl MemoryTransport {
    /// Creates a transport without responses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a transport that computes each response from its request.
    pub fn from_fn(
        respond: impl Fn(&WholeRequest) -> Result<Response, TransportError> + Send + Sync + 'static,
    ) -> Self {
        let transport = Self::new();
        transport.memory().respond = Some(Arc::new(respond));
        transport
    }

    /// Adds a response with this status and body, which can be a stream: `.answer(200, Body::from_stream(…))`.
    ///
    /// # Panics
    ///
    /// Panics if `status` isn't an HTTP status (100 to 999).
    #[must_use]
    pub fn answer(self, status: u16, body: impl Into<Body>) -> Self {
        self.answer_with(status, [], body)
    }

    /// Adds a response with headers: `.answer_with(429, [("retry-after", "7")], "")`.
    ///
    /// # Panics
    ///
    /// Panics if `status` isn't an HTTP status, or if a header is invalid.
    #[must_use]
    pub fn answer_with<'h>(
        self,
        status: u16,
        headers: impl IntoIterator<Item = (&'h str, &'h str)>,
        body: impl Into<Body>,
    ) -> Self {
        let mut response = Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).expect("a status from 100 to 999");
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
            response.headers_mut().append(name, HeaderValue::from_str(value).expect("a header's value"));
        }
        self.play(Ok(response))
    }

    /// Adds a complete response, or an error.
    #[must_use]
    pub fn play(self, answer: Result<Response, TransportError>) -> Self {
        self.memory().answers.push_back(answer);
        self
    }

    /// Returns the requests so far, in the order in which they were sent, each with its whole body. One with a stream is
    /// recorded when its stream has ended.
    #[must_use]
    pub fn requests(&self) -> Vec<WholeRequest> {
        self.memory().requests.clone()
    }

    /// Records the request and returns its response.
    pub(crate) async fn respond(&self, request: Request) -> Result<Response, TransportError> {
        let wanted = Wanted::of(CallOptions::get(&request));
        // In a box, so that this future stays small: most requests have nothing to wait for.
        let request =
            if request.body().as_bytes().is_some() { whole(request) } else { Box::pin(received(request)).await? };
        let response = self.answer_to(request)?;
        match wanted.max_body_bytes {
            Some(limit) if response.body().length().is_some_and(|length| length > limit) => {
                Err(TransportError::sent(TransportErrorKind::TooLarge { limit }).with_status(response.status()))
            }
            _ if wanted.is_left(&response) => Box::pin(wanted.read(response)).await,
            _ => Ok(response),
        }
    }

    fn answer_to(&self, request: WholeRequest) -> Result<Response, TransportError> {
        let mut memory = self.memory();
        match (memory.answers.pop_front(), memory.respond.clone()) {
            (Some(answer), _) => {
                memory.requests.push(request);
                answer
            }
            (None, Some(respond)) => {
                memory.requests.push(request.clone());
                // The function may use this transport.
                drop(memory);
                respond(&request)
            }
            (None, None) => {
                let (method, uri) = (request.method(), request.uri().to_string());
                let uri = Secrets::of_request(&request).redact(&uri).into_owned();
                let remedy = format!("no response is left for {method} {uri}; add one with `.answer(…)`");
                memory.requests.push(request);
                Err(TransportError::not_sent(TransportErrorKind::Refused).with_reason(remedy))
            }
        }
    }

    /// Ignores poisoning, so a test that panicked elsewhere still finds the recorded requests.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request with its bytes, whose body is known to be whole.
fn whole(request: Request) -> WholeRequest {
    request.map(|body| body.into_bytes().expect("its body is whole"))
}

/// What a server would receive.
async fn received(request: Request) -> Result<WholeRequest, TransportError> {
    let (head, body) = request.into_parts();
    let body = match body.collect(u64::MAX).await {
        Ok(body) => body,
        Err(Uncollected::TooLarge) => unreachable!("there is no limit"),
        Err(Uncollected::Failed(error)) => return Err(TransportError::of_request_body(error)),
    };
    Ok(WholeRequest::from_parts(head, body))
}

impl Transport for MemoryTransport {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(self.respond(request))
    }
}

impl fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.memory();
        f.debug_struct("MemoryTransport")
            .field("answers", &memory.answers.len())
            .field("requests", &memory.requests.len())
            .finish_non_exhaustive()
    }
}
