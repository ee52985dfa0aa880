//! What reqwest's errors say: how far the request got, and whether the server may have acted on it.

use super::Limits;
use crate::secret::Secrets;
use crate::transport::causes::{chain, find};
use crate::transport::failure::{self, Stage};
use crate::transport::{TransportError, TransportErrorKind};

/// An error before a response began.
///
/// `limits` are those of this transport's own client; those of the application's are unknown.
pub(super) fn unanswered(error: reqwest::Error, limits: Option<Limits>, secrets: &Secrets) -> TransportError {
    if let Some(failure) = failure::of_tls(&error, error.is_connect(), secrets) {
        return failure;
    }
    if let Some(limits) = limits.filter(|_| error.is_connect() && error.is_timeout()) {
        let (limit, after) = limits.connecting();
        return TransportError::not_sent(TransportErrorKind::Timeout { limit, after });
    }
    let (failure, stage) = if error.is_connect() {
        let failure = TransportError::not_sent(TransportErrorKind::Connect);
        let is_refused = failure::are_credentials_refused(&error);
        (if is_refused { failure.of_refused_credentials() } else { failure }, Stage::Connecting)
    } else if error.is_builder() {
        (TransportError::not_sent(TransportErrorKind::Refused), Stage::Connecting)
    } else if is_unsent(&error) {
        (TransportError::not_sent(TransportErrorKind::Interrupted), Stage::Unsent)
    } else if failure::is_unprocessed(&error) {
        (TransportError::not_processed(TransportErrorKind::Interrupted), Stage::Sent)
    } else {
        (TransportError::sent(TransportErrorKind::Interrupted), Stage::Sent)
    };
    // The URL contains the caller's values.
    failure::because_of(failure, error.without_url(), stage, secrets)
}

/// Whether it is certain that no part of the request was written.
///
/// An error while writing or reading doesn't show that. Two of hyper's errors do: "canceled" means that no connection took the
/// request, for example because the connection that it waited for was closed, and "closed" that the connection ended before it got
/// the request. So does hyper-util's "Canceled": hyper gave the request back, or the request was to share an HTTP/2 connection that
/// another call was opening ("ALPN upgraded to HTTP/2"). hyper-util has no method for it, so its text is compared.
fn is_unsent(error: &reqwest::Error) -> bool {
    if find::<hyper::Error>(error).is_some_and(|error| error.is_canceled() || error.is_closed()) {
        return true;
    }
    chain(error).any(|error| error.to_string() == "client error (Canceled)")
}

/// Whether the connection ended, under this request and all others on it.
pub(super) fn ends_connection(error: &reqwest::Error) -> bool {
    !failure::is_of_stream(error) && !error.is_connect() && !error.is_builder()
}
