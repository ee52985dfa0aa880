//! Turns the errors of the HTTP stack into the transport's: why something failed, in words.

#[cfg(feature = "http2")]
mod http2;
mod texts;

use std::error::Error as StdError;
use std::{fmt, io};

use http::StatusCode;

#[cfg(any(feature = "reqwest", feature = "socks"))]
pub(super) use self::texts::are_credentials_refused;
#[cfg(feature = "hyper")]
pub(super) use self::texts::is_head_too_large;
pub(super) use self::texts::{Stage, TOO_LONG_FOR_A_URI};
use super::causes::chain;
#[cfg(any(feature = "http2", feature = "hyper"))]
use super::causes::find;
use super::tls;
use super::{TransportError, TransportErrorKind};
use crate::secret::Secrets;

/// An error of the HTTP stack.
pub(super) trait StackError: StdError + Send + Sync + 'static {}

impl<E: StdError + Send + Sync + 'static> StackError for E {}

/// An error of the way to a proxy, not of what the proxy then did.
#[cfg(feature = "hyper")]
#[derive(Debug)]
pub(super) struct OfProxy(pub(super) Box<dyn StdError + Send + Sync>);

#[cfg(feature = "hyper")]
impl fmt::Display for OfProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(texts::PROXY_UNREACHABLE)
    }
}

#[cfg(feature = "hyper")]
impl StdError for OfProxy {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

/// An error of TLS that would be the same the next time.
pub(super) fn of_tls(
    error: &(dyn StdError + 'static),
    is_connecting: bool,
    secrets: &Secrets,
) -> Option<TransportError> {
    let refusal = tls::refusal(error, is_connecting, secrets)?;
    let kind = TransportErrorKind::Tls;
    let failure = if is_connecting { TransportError::not_sent(kind) } else { TransportError::not_processed(kind) };
    Some(failure.with_reason(of_proxy(error, refusal)))
}

/// An error after a response with this status began.
pub(super) fn unfinished(error: impl StackError, status: StatusCode, secrets: &Secrets) -> TransportError {
    let failure = TransportError::sent(TransportErrorKind::Interrupted).with_status(status);
    because_of(failure, error, Stage::Response, secrets)
}

/// Whether the connection ended for a reason that has nothing to do with the load: it was lost, or the server closed it as planned
/// (`GOAWAY` with `NO_ERROR`).
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only an HTTP/2 server can say something else"))]
pub(super) fn is_unrelated_to_load(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "http2")]
    if let Some(error) = find::<h2::Error>(error) {
        return !error.is_go_away() || error.reason() == Some(h2::Reason::NO_ERROR);
    }
    true
}

/// Whether the server ended this request's stream alone, and not the connection.
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only HTTP/2 has streams"))]
pub(super) fn is_of_stream(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(h2::Error::is_reset) {
        return true;
    }
    false
}

/// Whether the server says that it did not process the request.
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only an HTTP/2 server can say so"))]
pub(super) fn is_unprocessed(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(http2::is_unprocessed) {
        return true;
    }
    false
}

/// Whether the server ended the connection, and didn't process the request, if the connection was read in turn with its requests.
#[cfg(feature = "hyper")]
#[cfg_attr(not(feature = "http2"), expect(unused_variables, reason = "only an HTTP/2 server can say so"))]
pub(super) fn is_above_last_stream(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "http2")]
    if find::<h2::Error>(error).is_some_and(http2::is_above_last_stream) {
        return true;
    }
    false
}

/// Adds why it happened: a sentence, the innermost cause, or both. The wrappers around the cause say nothing that `failure` doesn't.
///
/// Errors of TLS and HTTP/2 can contain any text that the server chooses, the key included, so a sentence replaces them.
pub(super) fn because_of(
    failure: TransportError,
    error: impl StackError,
    stage: Stage,
    secrets: &Secrets,
) -> TransportError {
    if let Some(sentence) = tls::explain(&error, secrets) {
        return failure.with_reason(of_proxy(&error, sentence));
    }
    #[cfg(feature = "http2")]
    if let Some(sentence) = find(&error).and_then(http2::explain) {
        return failure.with_reason(sentence);
    }
    if let Some(sentence) = texts::explain(&error, stage) {
        return failure.with_reason(of_proxy(&error, sentence.to_owned()));
    }
    let io = io_error(&error);
    let introduction = if texts::is_of_proxy(&error) {
        Some(texts::PROXY_UNREACHABLE)
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
fn of_proxy(error: &(dyn StdError + 'static), sentence: String) -> String {
    if texts::is_of_proxy(error) { format!("{}: {sentence}", texts::PROXY_UNREACHABLE) } else { sentence }
}

/// The innermost I/O error. h2 contains one that isn't its source.
fn io_error<'e>(error: &'e (dyn StdError + 'static)) -> Option<&'e io::Error> {
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

/// Shows the innermost error of a chain as if there were no others.
struct Innermost<E>(E);

impl<E: StackError> fmt::Display for Innermost<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        chain(&self.0).last().map_or(Ok(()), |innermost| write!(f, "{innermost}"))
    }
}

impl<E: StackError> fmt::Debug for Innermost<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        chain(&self.0).last().map_or(Ok(()), |innermost| write!(f, "{innermost:?}"))
    }
}

impl<E: StackError> StdError for Innermost<E> {}
