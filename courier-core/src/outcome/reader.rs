//! How a call reads its method's outcomes.
//!
//! No other crate can name these types, and so none can implement the traits that mention them.

use http::HeaderValue;

use super::FromResponse;
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error};
use crate::status;
use crate::transport::Response;

/// Reads a response as the method's return type: one function per method, made by the expansion.
///
/// It is one function, not one for each question, because an expansion may name a variant only once: otherwise the compiler
/// reports a misspelt outcome twice.
pub(crate) type Read<R> = fn(Step<'_>) -> Reading<R>;

/// What a call needs from its method's outcomes.
#[derive(Debug)]
pub enum Step<'r> {
    /// The outcome at this position of the declaration. Without a response, only what it accepts.
    Outcome(usize, Option<&'r Response>),
    /// The method's error, made from a call's own.
    Failure(Error),
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
    pub(super) fn read(self, response: Option<&Response>) -> Reading<T> {
        let outcome = match response {
            Some(response) => (self.read)(response),
            None => Err(DecodeError::default()),
        };
        Reading { accept: self.accept, outcome }
    }
}

impl<T> Reading<T> {
    pub(super) fn map<R>(self, build: impl FnOnce(T) -> R) -> Reading<R> {
        Reading { accept: self.accept, outcome: self.outcome.map(build) }
    }
}

impl<R> Reading<R> {
    /// A result that no body is read for.
    pub(super) fn of(result: R) -> Self {
        Self { accept: "", outcome: Ok(result) }
    }
}

/// The `accept` header: the media types that the declared outcomes can read, each once. An outcome that keeps nothing of the
/// body has no preference.
pub(crate) fn accept<R>(endpoint: &Endpoint, read: Read<R>) -> HeaderValue {
    join(endpoint.outcomes().iter().len(), &|outcome| read(Step::Outcome(outcome, None)).accept)
}

fn join(outcomes: usize, of: &dyn Fn(usize) -> &'static str) -> HeaderValue {
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

/// What the method returns for this response, or for the error that came instead of one.
pub(crate) fn read<R>(endpoint: &'static Endpoint, response: Result<Response, Error>, read: Read<R>) -> R {
    let error = match response.and_then(|response| status::outcome_of(endpoint, response)) {
        Ok((outcome, response)) => match read(Step::Outcome(outcome, Some(&response))).outcome {
            Ok(result) => return result,
            Err(source) => unreadable(endpoint, response, source),
        },
        Err(error) => error,
    };
    match read(Step::Failure(error)).outcome {
        Ok(result) => result,
        Err(_) => unreachable!("a failure has no body"),
    }
}

#[cold]
fn unreadable(endpoint: &'static Endpoint, response: Response, source: DecodeError) -> Error {
    let source = source.for_people(response.extensions());
    Error::Decode { endpoint, response: Box::new(response), source }
}
