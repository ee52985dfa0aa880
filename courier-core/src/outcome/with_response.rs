use std::fmt;

use http::{HeaderMap, StatusCode};

use super::{Download, FromResponse, FromStream};
use crate::error::DecodeError;
use crate::secret::Secrets;
use crate::transport::{Attempts, WholeResponse};

/// An outcome with the status and the headers of its response, for example for request ids and rate limits.
///
/// [`Call::with_response`](crate::Call::with_response) returns one for any call. It can also be the type of a declared
/// outcome:
///
/// ```
/// use courier_core::{MemoryTransport, Result, Transport, WithResponse, endpoint};
///
/// enum Lookup {
///     Ok(String),
///     Throttled(WithResponse<()>),
/// }
///
/// trait Names: Transport {
///     #[endpoint(GET, "/names/<id>", ok = 200, throttled = 429)]
///     async fn name(&self, id: u64) -> Result<Lookup>;
/// }
/// impl<T: Transport> Names for T {}
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer_with(429, [("retry-after", "7")], "");
/// let Lookup::Throttled(throttled) = transport.name(1).await.unwrap() else { panic!() };
/// assert_eq!(throttled.headers["retry-after"], "7");
/// # })
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct WithResponse<T> {
    /// The outcome.
    pub outcome: T,
    /// The status that the server sent.
    pub status: StatusCode,
    /// The headers that the server sent.
    pub headers: HeaderMap,
    /// The number of attempts: 1 unless the call was [retried](crate::transport::Retry).
    pub attempts: u32,
    secrets: Secrets,
}

impl<T> WithResponse<T> {
    pub(crate) fn new<B>(outcome: T, response: &http::Response<B>) -> Self {
        let secrets = Secrets::of(response.extensions());
        let attempts = Attempts::of(response);
        Self { outcome, status: response.status(), headers: response.headers().clone(), attempts, secrets }
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> WithResponse<U> {
        let Self { outcome, status, headers, attempts, secrets } = self;
        WithResponse { outcome: map(outcome), status, headers, attempts, secrets }
    }
}

/// Hides credentials that the server may have echoed.
impl<T: fmt::Debug> fmt::Debug for WithResponse<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = format!("{:?}", self.headers);
        f.debug_struct("WithResponse")
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("headers", &format_args!("{}", self.secrets.redact(&headers)))
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl<T: FromResponse> FromResponse for WithResponse<T> {
    const ACCEPT: &'static str = T::ACCEPT;

    fn from_response(response: &WholeResponse) -> Result<Self, DecodeError> {
        T::from_response(response).map(|outcome| Self::new(outcome, response))
    }
}

impl<T: FromStream> FromStream for WithResponse<T> {
    const ACCEPT: &'static str = T::ACCEPT;

    fn from_stream(download: Download) -> Self {
        WithResponse::new((), download.response()).map(|()| T::from_stream(download))
    }
}
