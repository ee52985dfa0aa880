//! reqwest's errors as ours: what failed, and whether the server may have acted on the request.

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

/// No response has begun.
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

/// A response has begun, with this status, and does not end.
pub(super) fn unfinished(error: reqwest::Error, status: StatusCode, secrets: &Secrets) -> TransportError {
    let failure = TransportError::sent(TransportErrorKind::Interrupted).with_status(status);
    failure.with_source(cause(error, Stage::Response, secrets))
}

/// Whether it is proven that nothing of the request was written.
///
/// An error of writing or reading proves nothing. Two of hyper's do: "canceled" is made only of a request that no connection
/// took, such as one that waited for a connection which then was closed, and "closed" of a connection that ended before it
/// was given one. So does "Canceled" of hyper-util's: of a request that hyper gave back, and of one that was to share a
/// connection of HTTP/2 that another call was opening ("ALPN upgraded to HTTP/2"). It can't be asked for, and is known by its text.
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

/// What the error says, without the URL: it holds what the caller passed, and the endpoint is named already.
///
/// TLS and HTTP/2 have errors with text from the server in them, which may be anything, the key included. Of them only a
/// text of ours remains.
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

/// The kind of an error of I/O. h2 has one inside, and doesn't name it as its source.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    #[cfg(feature = "http2")]
    if let Some(error) = find::<h2::Error>(error).and_then(h2::Error::get_io) {
        return Some(error.kind());
    }
    find::<io::Error>(error).map(io::Error::kind)
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
