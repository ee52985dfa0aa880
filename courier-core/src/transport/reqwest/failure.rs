//! Turns reqwest's errors into the transport's: what failed, why, and whether the server may have acted on the request.

#[cfg(feature = "http2")]
mod http2;
mod texts;

use std::error::Error as StdError;
use std::{fmt, io, iter};

use http::StatusCode;

use self::texts::{PROXY_UNREACHABLE, Stage};
use super::{Limits, tls};
use crate::secret::Secrets;
use crate::transport::{TransportError, TransportErrorKind};

/// An error before a response began.
///
/// `limits` are those of this transport's own client; those of the application's are unknown.
pub(super) fn unanswered(error: reqwest::Error, limits: Option<Limits>, secrets: &Secrets) -> TransportError {
    if let Some(refusal) = tls::refusal(&error, secrets) {
        let kind = TransportErrorKind::Tls;
        let failure =
            if error.is_connect() { TransportError::not_sent(kind) } else { TransportError::not_processed(kind) };
        return failure.with_reason(of_proxy(&error, refusal));
    }
    if let Some(limits) = limits.filter(|_| error.is_connect() && error.is_timeout()) {
        let (limit, after) = limits.connecting();
        return TransportError::not_sent(TransportErrorKind::Timeout { limit, after });
    }
    let (failure, stage) = if error.is_connect() {
        let failure = TransportError::not_sent(TransportErrorKind::Connect);
        let is_refused = texts::are_credentials_refused(&error);
        (if is_refused { failure.of_refused_credentials() } else { failure }, Stage::Connecting)
    } else if error.is_builder() {
        (TransportError::not_sent(TransportErrorKind::Refused), Stage::Connecting)
    } else if is_unsent(&error) {
        (TransportError::not_sent(TransportErrorKind::Interrupted), Stage::Unsent)
    } else if is_unprocessed(&error) {
        (TransportError::not_processed(TransportErrorKind::Interrupted), Stage::Sent)
    } else {
        (TransportError::sent(TransportErrorKind::Interrupted), Stage::Sent)
    };
    because_of(failure, error, stage, secrets)
}

/// An error after a response with this status began.
pub(super) fn unfinished(error: reqwest::Error, status: StatusCode, secrets: &Secrets) -> TransportError {
    let failure = TransportError::sent(TransportErrorKind::Interrupted).with_status(status);
    because_of(failure, error, Stage::Response, secrets)
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

/// Whether the connection ended for a reason that has nothing to do with the load: it was lost, or the server closed it as planned
/// (`GOAWAY` with `NO_ERROR`).
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only an HTTP/2 server can say something else"))]
pub(super) fn is_unrelated_to_load(error: &reqwest::Error) -> bool {
    #[cfg(feature = "http2")]
    if let Some(error) = find::<h2::Error>(error) {
        return !error.is_go_away() || error.reason() == Some(h2::Reason::NO_ERROR);
    }
    true
}

/// Whether the connection ended, under this request and all others on it.
pub(super) fn ends_connection(error: &reqwest::Error) -> bool {
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(h2::Error::is_reset) {
        return false;
    }
    !error.is_connect() && !error.is_builder()
}

/// Whether the server says that it did not process the request.
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only an HTTP/2 server can say so"))]
fn is_unprocessed(error: &reqwest::Error) -> bool {
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(http2::is_unprocessed) {
        return true;
    }
    false
}

/// Adds why it happened: a sentence, the innermost cause, or both. The wrappers around the cause say nothing that `failure` doesn't.
///
/// Errors of TLS and HTTP/2 can contain any text that the server chooses, the key included, so a sentence replaces them. The URL is
/// left out because it contains the caller's values.
fn because_of(failure: TransportError, error: reqwest::Error, stage: Stage, secrets: &Secrets) -> TransportError {
    let error = error.without_url();
    if let Some(sentence) = tls::explain(&error, secrets) {
        return failure.with_reason(of_proxy(&error, sentence));
    }
    #[cfg(feature = "http2")]
    if let Some(sentence) = find(&error).and_then(http2::explain) {
        return failure.with_reason(sentence);
    }
    if let Some(sentence) = texts::explain(&error, stage) {
        return failure.with_reason(sentence);
    }
    let io = io_error(&error);
    let introduction = if texts::is_of_proxy(&error) {
        Some(PROXY_UNREACHABLE)
    } else {
        texts::introduce(stage, io.map(io::Error::kind))
    };
    let failure = match introduction {
        Some(sentence) => failure.with_reason(sentence),
        None => failure,
    };
    match io {
        Some(io) => failure.with_source(copy(io)),
        None => failure.with_source(Innermost(error)),
    }
}

/// Says if it is the proxy that this sentence is about.
fn of_proxy(error: &reqwest::Error, sentence: String) -> String {
    if texts::is_of_proxy(error) { format!("{PROXY_UNREACHABLE}: {sentence}") } else { sentence }
}

/// The innermost I/O error. h2 contains one that isn't its source.
fn io_error(error: &reqwest::Error) -> Option<&io::Error> {
    #[cfg(feature = "http2")]
    if let Some(error) = find::<h2::Error>(error).and_then(h2::Error::get_io) {
        return Some(error);
    }
    chain(error).filter_map(|error| error.downcast_ref()).last()
}

/// The same error without its wrappers. `io::Error` isn't `Clone`.
fn copy(error: &io::Error) -> io::Error {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::Error::new(error.kind(), error.to_string()),
    }
}

/// Shows the innermost error of reqwest's chain as if there were no others.
struct Innermost(reqwest::Error);

impl fmt::Display for Innermost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        chain(&self.0).last().map_or(Ok(()), |innermost| write!(f, "{innermost}"))
    }
}

impl fmt::Debug for Innermost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        chain(&self.0).last().map_or(Ok(()), |innermost| write!(f, "{innermost:?}"))
    }
}

impl StdError for Innermost {}

/// This error and those below it. The source of an `io::Error` is the source of the error that it wraps, not that error itself,
/// which is included here.
pub(super) fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    })
}

/// The first error of this type in the chain.
pub(super) fn find<'e, E: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e E> {
    chain(error).find_map(|error| error.downcast_ref())
}
