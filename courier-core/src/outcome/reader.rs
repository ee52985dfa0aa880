//! How a call reads the outcomes of its method.
//!
//! Other crates can't name these types, and so can't implement the traits that mention them.

use http::HeaderValue;

use super::FromResponse;
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error};
use crate::status;
use crate::transport::Response;

/// Reads a response as the return type of the method. The expansion has one such function per method.
///
/// It is one function instead of one per [`Step`], because the expansion may name a variant only once: otherwise, the
/// compiler would report a misspelt outcome twice.
pub(crate) type Read<R> = fn(Step<'_>) -> Reading<R>;

/// What a call asks of the outcomes of its method.
#[derive(Debug)]
pub enum Step<'r> {
    /// Read the outcome at this position of the declaration; without a response, only its media type is needed.
    Outcome(usize, Option<&'r Response>),
    /// Convert a call's own error to the method's error type.
    Failure(Error),
}

/// Seals a trait whose methods mention no other type of this module. As a supertrait, a seal could appear in the compiler's
/// messages.
///
/// ```compile_fail,E0046
/// struct Mine;
/// impl courier_core::outcome::Failure for Mine {
///     fn from_error(_: courier_core::Error) -> Self {
///         Self
///     }
/// }
/// ```
#[derive(Debug)]
pub struct Seal;

/// One outcome: the media type that it accepts, and what it reads from the response.
#[derive(Debug)]
pub struct Reading<R> {
    accept: &'static str,
    /// Without a response, this is an error, which nobody looks at.
    outcome: Result<R, DecodeError>,
}

/// How a `T` is read. An expansion uses it because it can't name `T` itself.
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
    /// A result that isn't read from a body.
    pub(super) fn of(result: R) -> Self {
        Self { accept: "", outcome: Ok(result) }
    }
}

/// Builds the `accept` header: the media types of the declared outcomes, each once, except those that ignore the body.
pub(crate) fn accept<R>(endpoint: &Endpoint, read: Read<R>) -> HeaderValue {
    join(endpoint.outcomes().iter().len(), &|outcome| read(Step::Outcome(outcome, None)).accept)
}

fn join(outcomes: usize, of: &dyn Fn(usize) -> &'static str) -> HeaderValue {
    let mut accepted = (0..outcomes).map(of).filter(|media_type| !media_type.is_empty());
    let Some(first) = accepted.next() else { return HeaderValue::from_static("*/*") };
    // If all are the same, nothing is allocated.
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
    HeaderValue::try_from(others.join(", ")).expect("checked at compile time")
}

/// Returns what the method returns for this response or error.
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
        Err(_) => unreachable!("a failure isn't read from a body"),
    }
}

#[cold]
fn unreadable(endpoint: &'static Endpoint, response: Response, source: DecodeError) -> Error {
    let source = source.for_people(response.extensions());
    Error::Decode { endpoint, response: Box::new(response), source }
}
