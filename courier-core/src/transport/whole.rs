//! A response with its whole body, and what to do if a transport left it to its caller to read it.

use http::StatusCode;

use super::{DEFAULT_MAX_BODY_BYTES, Response, TransportError, TransportErrorKind, WholeResponse};
use crate::body::{Body, Uncollected};
use crate::endpoint::Endpoint;
use crate::request::{CallOptions, Request, Streaming};
use crate::secret::Secrets;

/// Which bodies a call wants as streams, and up to which limit it wants any other.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    endpoint: Option<&'static Endpoint>,
    pub(crate) streaming: Streaming,
    pub(crate) max_body_bytes: Option<u64>,
}

impl Wanted {
    /// What a declaration says by itself.
    pub(crate) fn new(endpoint: &'static Endpoint, streaming: Streaming) -> Self {
        Self { endpoint: Some(endpoint), streaming, max_body_bytes: None }
    }

    pub(crate) fn of(request: &Request) -> Self {
        let of = |&CallOptions { endpoint, streaming, max_body_bytes, .. }: &CallOptions| Self {
            endpoint,
            streaming,
            max_body_bytes,
        };
        CallOptions::get(request).map_or_else(Self::default, of)
    }

    /// Whether the body of a response with this status is wanted as a stream.
    pub(crate) fn streams(self, status: StatusCode) -> bool {
        self.streaming.outcome_of(self.endpoint, status).is_some()
    }

    /// Reads the body if it is a stream that nobody wants as one.
    pub(crate) async fn sort(self, response: Response) -> Result<Response, TransportError> {
        if response.body().as_bytes().is_some() || self.streams(response.status()) {
            return Ok(response);
        }
        self.read(response).await
    }

    /// Reads the body.
    pub(crate) async fn read(self, response: Response) -> Result<Response, TransportError> {
        let limit = self.max_body_bytes.unwrap_or(DEFAULT_MAX_BODY_BYTES);
        let (head, body) = response.into_parts();
        let error = match body.collect(limit).await {
            Ok(bytes) => return Ok(Response::from_parts(head, Body::from(bytes))),
            Err(Uncollected::TooLarge) => TransportError::sent(TransportErrorKind::TooLarge { limit }),
            Err(Uncollected::Failed(error)) => TransportError::of_stream(error, &Secrets::of(&head.extensions)),
        };
        Err(error.with_status(head.status))
    }
}

/// The response with its bytes.
///
/// # Panics
///
/// If its body is a stream: somebody has to read that first.
pub(crate) fn whole(response: Response) -> WholeResponse {
    response.map(|body| body.into_bytes().expect("a body that was read whole"))
}
