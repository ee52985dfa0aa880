//! Translates reqwest's errors: what failed, and whether the server may have acted on the request.

#[cfg(feature = "http2")]
mod http2;
mod texts;

use std::error::Error as StdError;
use std::io;

use http::StatusCode;

use self::texts::Stage;
use super::{Limits, tls};
use crate::secret::Secrets;
use crate::transport::{TransportError, TransportErrorKind};

/// An error before the response.
pub(super) fn unanswered(error: reqwest::Error, limits: Limits, secrets: &Secrets) -> TransportError {
    let (failure, stage) = match (error.is_connect(), error.is_timeout()) {
        (true, true) => {
            let (limit, after) = limits.connecting();
            let kind = TransportErrorKind::Timeout { limit, after };
            return TransportError::not_sent(kind);
        }
        (true, false) => (TransportError::not_sent(TransportErrorKind::Connect), Stage::Connecting),
        (false, _) if error.is_builder() => (TransportError::not_sent(TransportErrorKind::Refused), Stage::Connecting),
        (false, _) if is_unsent(&error) => (TransportError::not_sent(TransportErrorKind::Interrupted), Stage::Unsent),
        (false, _) if is_unprocessed(&error) => {
            (TransportError::not_sent(TransportErrorKind::Interrupted), Stage::Sent)
        }
        (false, _) => (TransportError::sent(TransportErrorKind::Interrupted), Stage::Sent),
    };
    failure.with_source(cause(error, stage, secrets))
}

/// An error after the head of a response with this status.
pub(super) fn unfinished(error: reqwest::Error, status: StatusCode, secrets: &Secrets) -> TransportError {
    let failure = TransportError::sent(TransportErrorKind::Interrupted).with_status(status);
    failure.with_source(cause(error, Stage::Response, secrets))
}

/// Whether it is certain that nothing of the request was written.
///
/// Errors of reading or writing prove nothing. Three others do: hyper's "canceled", only for requests that no
/// connection took, for example because the one they waited for was closed; hyper's "closed", for a connection that
/// ended before it got the request; and hyper-util's "Canceled", for a request that hyper returned, or that was to
/// share an HTTP/2 connection that another call was opening ("ALPN upgraded to HTTP/2"). The last can be recognized only
/// by its text.
fn is_unsent(error: &reqwest::Error) -> bool {
    if find::<hyper::Error>(error).is_some_and(|error| error.is_canceled() || error.is_closed()) {
        return true;
    }
    std::iter::successors(Some(error as &(dyn StdError + 'static)), |&error| error.source())
        .any(|error| error.to_string() == "client error (Canceled)")
}

/// Whether the server says that it did nothing with the request.
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only HTTP/2 has a way to say so"))]
fn is_unprocessed(error: &reqwest::Error) -> bool {
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(http2::is_unprocessed) {
        return true;
    }
    false
}

/// The cause, without the URL, which may hold secrets; the endpoint is named elsewhere.
///
/// Errors of TLS and HTTP/2 can contain text from the server, even the key. Those are replaced by the crate's own
/// texts.
fn cause(error: reqwest::Error, stage: Stage, secrets: &Secrets) -> Box<dyn StdError + Send + Sync> {
    let error = error.without_url();
    if let Some(text) = tls::explain(&error, secrets) {
        return text.into();
    }
    #[cfg(feature = "http2")]
    if let Some(text) = find(&error).and_then(http2::explain) {
        return text.into();
    }
    if let Some(text) = texts::explain(&error, stage) {
        return text.into();
    }
    if let Some(text) = io_kind(&error).and_then(|kind| texts::explain_io(kind, stage)) {
        return text.into();
    }
    error.into()
}

/// The kind of an I/O error. h2 contains one, but doesn't return it as its source.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    #[cfg(feature = "http2")]
    if let Some(error) = find::<h2::Error>(error).and_then(h2::Error::get_io) {
        return Some(error.kind());
    }
    find::<io::Error>(error).map(io::Error::kind)
}

/// Finds the first error of this type in a chain. The source of an `io::Error` is the source of the error it wraps, not
/// that error itself.
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
