//! How a method's outcomes are read: one small value per call, made by the expansion.

use http::HeaderValue;

use super::FromResponse;
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error};
use crate::status;
use crate::transport::Response;

/// Reads a response as the method's return type `R`.
#[derive(Debug)]
pub struct Reader<R> {
    /// The outcome at a position of the declaration. Without a response it says only what it accepts.
    pub(super) outcome: fn(usize, Option<&Response>) -> Reading<R>,
    pub(super) failure: fn(Error) -> R,
}

/// One outcome: what it accepts, and what it makes of the response.
#[derive(Debug)]
pub struct Reading<R> {
    accept: &'static str,
    /// Without a response there is nothing to read, which is an error too.
    outcome: Result<R, DecodeError>,
}

/// How a `T` is read. Its type names `T` to the compiler in an expansion, which can't.
#[derive(Debug)]
pub struct Decoder<T> {
    accept: &'static str,
    read: fn(&Response) -> Result<T, DecodeError>,
}

impl<T: FromResponse> Decoder<T> {
    pub(super) const NEW: Self = Self { accept: visible_ascii(T::ACCEPT), read: T::from_response };
}

const fn visible_ascii(accept: &'static str) -> &'static str {
    let mut rest = accept.as_bytes();
    while let [first, after @ ..] = rest {
        assert!(matches!(first, b' '..=b'~'), "`FromResponse::ACCEPT` must be visible ASCII, such as `text/csv`");
        rest = after;
    }
    accept
}

impl<T> Decoder<T> {
    /// Reads the body, and builds the return type from it.
    pub(super) fn read<R>(self, response: Option<&Response>, build: impl FnOnce(T) -> R) -> Reading<R> {
        let outcome = match response {
            Some(response) => (self.read)(response).map(build),
            None => Err(DecodeError::default()),
        };
        Reading { accept: self.accept, outcome }
    }
}

impl<R> Reader<R> {
    pub(crate) fn accept(&self, endpoint: &Endpoint) -> HeaderValue {
        accept(endpoint.outcomes().iter().len(), &|outcome| (self.outcome)(outcome, None).accept)
    }

    /// What the method returns.
    pub(crate) fn read(&self, endpoint: &'static Endpoint, response: Result<Response, Error>) -> R {
        let read = response.and_then(|response| {
            let (outcome, response) = status::outcome_of(endpoint, response)?;
            (self.outcome)(outcome, Some(&response)).outcome.map_err(|source| unreadable(endpoint, response, source))
        });
        read.unwrap_or_else(self.failure)
    }
}

/// The `accept` header: the media types that the declared outcomes can read, each once. An outcome that keeps nothing of the
/// body has no preference.
fn accept(outcomes: usize, of: &dyn Fn(usize) -> &'static str) -> HeaderValue {
    let mut accepted = (0..outcomes).map(of).filter(|media_type| !media_type.is_empty());
    let Some(first) = accepted.next() else { return HeaderValue::from_static("*/*") };
    // No allocation if they agree.
    let mut others = Vec::new();
    for other in accepted {
        if other != first && !others.contains(&other) {
            others.push(other);
        }
    }
    if others.is_empty() {
        return HeaderValue::from_static(first);
    }
    others.insert(0, first);
    HeaderValue::try_from(others.join(", ")).expect("checked when it was compiled")
}

#[cold]
fn unreadable(endpoint: &'static Endpoint, response: Response, source: DecodeError) -> Error {
    let source = source.for_people(response.extensions());
    Error::Decode { endpoint, response: Box::new(response), source }
}

impl<R> Clone for Reader<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Reader<R> {}
