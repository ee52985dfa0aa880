//! reqwest's errors as ours: what failed, and whether the server may have acted on the request.

#[cfg(feature = "http2")]
mod http2;

use std::error::Error as StdError;
use std::io;

use http::StatusCode;

use super::{Limits, tls};
use crate::secret::Secrets;
use crate::transport::{TransportError, TransportErrorKind};

/// No answer has begun.
pub(super) fn unanswered(error: reqwest::Error, limits: Limits, secrets: &Secrets) -> TransportError {
    let failure = match (error.is_connect(), error.is_timeout()) {
        (true, true) => {
            let (limit, after) = limits.connecting();
            let kind = TransportErrorKind::Timeout { limit, after };
            return TransportError::not_sent(kind);
        }
        (true, false) => TransportError::not_sent(TransportErrorKind::Connect),
        (false, _) if error.is_builder() => TransportError::not_sent(TransportErrorKind::Refused),
        (false, _) if is_unprocessed(&error) => TransportError::not_sent(TransportErrorKind::Interrupted),
        (false, _) => TransportError::sent(TransportErrorKind::Interrupted),
    };
    failure.with_source(cause(error, secrets))
}

/// An answer has begun, with this status, and does not end.
pub(super) fn unfinished(error: reqwest::Error, status: StatusCode, secrets: &Secrets) -> TransportError {
    TransportError::sent(TransportErrorKind::Interrupted).with_status(status).with_source(cause(error, secrets))
}

/// Whether it is proven that the server did nothing with the request.
///
/// An error of writing or reading proves nothing. Two of hyper's do: "canceled" is made only of a request that no connection
/// took, such as one that waited for a connection which then was closed, and "closed" of a connection that ended before it
/// was given one.
fn is_unprocessed(error: &reqwest::Error) -> bool {
    if find::<hyper::Error>(error).is_some_and(|error| error.is_canceled() || error.is_closed()) {
        return true;
    }
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(http2::is_unprocessed) {
        return true;
    }
    false
}

/// What the error tells, without the URL: it holds what the caller passed, and the endpoint is named already.
///
/// TLS and HTTP/2 have errors with text from the server in them, which may be anything, the key included. Of them only a
/// text of ours remains.
fn cause(error: reqwest::Error, secrets: &Secrets) -> Box<dyn StdError + Send + Sync> {
    let error = error.without_url();
    if let Some(text) = tls::explain(&error, secrets) {
        return text.into();
    }
    #[cfg(feature = "http2")]
    if let Some(text) = find(&error).and_then(http2::explain) {
        return text.into();
    }
    error.into()
}

/// The first error of this type in a chain. An `io::Error` names as its source what is below the error that it wraps, and
/// not that error itself.
pub(super) fn find<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}
