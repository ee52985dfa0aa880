//! The transport for unit tests: returns prepared responses, records requests, and needs no network and no runtime.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};

use super::{BoxFuture, Response, Transport, TransportError, TransportErrorKind};
use crate::request::{CallOptions, Request};
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
    requests: Vec<Request>,
}

type Respond = Arc<dyn Fn(&Request) -> Result<Response, TransportError> + Send + Sync>;

impl MemoryTransport {
    /// Creates a transport without responses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a transport that computes each response from its request.
    pub fn from_fn(respond: impl Fn(&Request) -> Result<Response, TransportError> + Send + Sync + 'static) -> Self {
        let transport = Self::new();
        transport.memory().respond = Some(Arc::new(respond));
        transport
    }

    /// Adds a response with this status and body.
    ///
    /// # Panics
    ///
    /// Panics if `status` isn't an HTTP status (100 to 999).
    #[must_use]
    pub fn answer(self, status: u16, body: impl Into<Bytes>) -> Self {
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
        body: impl Into<Bytes>,
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

    /// Returns the requests so far, in the order in which they were sent.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.memory().requests.clone()
    }

    /// Records the request and returns its response.
    pub(crate) fn respond(&self, request: &Request) -> Result<Response, TransportError> {
        let (answer, respond) = {
            let mut memory = self.memory();
            memory.requests.push(request.clone());
            (memory.answers.pop_front(), memory.respond.clone())
        };
        let limit = CallOptions::of(request).max_body_bytes();
        let within = |response: Response| match limit {
            Some(limit) if response.body().len() as u64 > limit => {
                Err(TransportError::sent(TransportErrorKind::TooLarge { limit }).with_status(response.status()))
            }
            Some(_) | None => Ok(response),
        };
        match (answer, respond) {
            (Some(answer), _) => answer.and_then(within),
            (None, Some(respond)) => respond(request).and_then(within),
            (None, None) => {
                let (method, uri) = (request.method(), request.uri().to_string());
                let uri = Secrets::of_request(request).redact(&uri).into_owned();
                let remedy = format!("no response is left for {method} {uri}; add one with `.answer(…)`");
                Err(TransportError::not_sent(TransportErrorKind::Refused).with_reason(remedy))
            }
        }
    }

    /// Ignores poisoning, so a test that panicked elsewhere still finds the recorded requests.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for MemoryTransport {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move { self.respond(&request) })
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
