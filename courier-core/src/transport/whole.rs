//! Bodies that are read whole, also if a transport left that to its caller.

use http::StatusCode;

use super::{BoxFuture, DEFAULT_MAX_BODY_BYTES, Response, TransportError, TransportErrorKind, WholeResponse};
use crate::body::{Body, Uncollected};
use crate::endpoint::Endpoint;
use crate::request::{CallOptions, Progress, Streaming};
use crate::secret::Secrets;

/// Which bodies a call reads as streams, and the limit for all others.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) endpoint: Option<&'static Endpoint>,
    pub(crate) streaming: Streaming,
    pub(crate) max_body_bytes: Option<u64>,
}

impl Wanted {
    /// What the options of a request say.
    pub(crate) fn of(options: &CallOptions) -> Self {
        let &CallOptions { endpoint, streaming, .. } = options;
        Self { endpoint, streaming, max_body_bytes: options.max_body_bytes() }
    }

    /// Whether the body of a response with this status is wanted as a stream.
    pub(crate) fn streams(self, status: StatusCode) -> bool {
        self.streaming.outcome_of(self.endpoint, status).is_some()
    }

    /// Takes the response out if its body is still to be read whole.
    pub(crate) fn left_in(self, result: &mut Result<Response, TransportError>) -> Option<Response> {
        match result {
            Ok(response) if self.is_left(response) => Some(std::mem::take(response)),
            _ => None,
        }
    }

    /// Whether the response has a body that is still to be read whole.
    pub(crate) fn is_left(self, response: &Response) -> bool {
        response.body().as_bytes().is_none() && !self.streams(response.status())
    }

    /// Reads the body whole, as a part of the attempt or the call that records this progress.
    pub(crate) fn read_during(
        self,
        response: Response,
        progress: &Progress,
    ) -> BoxFuture<'static, Result<Response, TransportError>> {
        progress.set(response.status());
        progress.swap_headers(response.headers().clone());
        Box::pin(self.read(response))
    }

    /// Reads the body whole.
    pub(crate) async fn read(self, response: Response) -> Result<Response, TransportError> {
        let limit = self.max_body_bytes.unwrap_or(DEFAULT_MAX_BODY_BYTES);
        let (head, body) = response.into_parts();
        let error = match body.collect(limit).await {
            Ok(bytes) => return Ok(Response::from_parts(head, Body::from(bytes))),
            Err(Uncollected::TooLarge) => TransportError::sent(TransportErrorKind::TooLarge { limit }),
            Err(Uncollected::Failed(error)) => TransportError::of_stream(error, &Secrets::of(&head.extensions)),
        };
        Err(error.with_status(head.status).with_headers(head.headers))
    }
}

/// The response with its bytes.
///
/// # Panics
///
/// Panics if its body is a stream, which must be read first.
pub(crate) fn whole(response: Response) -> WholeResponse {
    response.map(|body| body.into_bytes().expect("it was read whole"))
}
