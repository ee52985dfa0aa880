//! How a call reads the outcomes of its method.
//!
//! Other crates can't name these types, and so can't implement the traits that mention them.

use http::HeaderValue;

use super::{Download, FromResponse, FromStream};
use crate::endpoint::Endpoint;
use crate::error::{DecodeError, Error};
use crate::request::Streaming;
use crate::status;
use crate::transport::whole::whole;
use crate::transport::{Response, TransportError, WholeResponse};

/// Reads a response as the return type of the method. The expansion has one such function per method.
///
/// It is one function instead of one per [`Step`], because the expansion may name a variant only once: otherwise, the
/// compiler would report a misspelt outcome twice.
/// The result goes into the `Option`. What is returned is the same for every type, and so is the code that uses it.
pub(crate) type Read<R> = fn(Step<'_>, &mut Option<R>) -> Reading<()>;

/// What a call asks of the outcomes of its method.
#[derive(Debug)]
pub enum Step<'r> {
    /// Read the outcome at this position of the declaration.
    Outcome(usize, Given<'r>),
    /// Convert a call's own error to the method's error type.
    Failure(Error),
}

/// What an outcome is read from.
#[derive(Debug)]
pub enum Given<'r> {
    /// Nothing: only what the outcome accepts, and whether it reads a stream, is needed.
    Nothing,
    /// A response with its whole body.
    Whole(&'r WholeResponse),
    /// A response whose body is still to come. An outcome that reads a stream takes it.
    Stream(&'r mut Option<Download>),
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

/// One outcome: the media type that it accepts, whether it reads a stream, and what it reads from the response.
#[derive(Debug)]
pub struct Reading<R> {
    accept: &'static str,
    streams: bool,
    /// Without a response, this is an error, which nobody looks at.
    outcome: Result<R, DecodeError>,
}

/// How a `T` is read. An expansion uses it because it can't name `T` itself.
#[derive(Debug)]
pub struct Decoder<T> {
    accept: &'static str,
    streams: bool,
    /// Without what it reads, this is an error, which nobody looks at.
    read: fn(Given<'_>) -> Result<T, DecodeError>,
}

impl<T: FromResponse> Decoder<T> {
    pub(super) const WHOLE: Self = Self { accept: visible_ascii(T::ACCEPT), streams: false, read: whole_as::<T> };
}

impl<T: FromStream> Decoder<T> {
    pub(super) const STREAM: Self = Self { accept: visible_ascii(T::ACCEPT), streams: true, read: stream_as::<T> };
}

// Functions and not closures: converted to a pointer, each closure needs another function.
#[expect(clippy::needless_pass_by_value, reason = "as `Decoder` calls it")]
fn whole_as<T: FromResponse>(given: Given<'_>) -> Result<T, DecodeError> {
    match given {
        Given::Whole(response) => T::from_response(response),
        Given::Nothing | Given::Stream(_) => Err(DecodeError::default()),
    }
}

fn stream_as<T: FromStream>(given: Given<'_>) -> Result<T, DecodeError> {
    match given {
        Given::Stream(download) => download.take().map(T::from_stream).ok_or_else(DecodeError::default),
        Given::Nothing | Given::Whole(_) => Err(DecodeError::default()),
    }
}

const fn visible_ascii(accept: &'static str) -> &'static str {
    let mut rest = accept.as_bytes();
    while let [first, after @ ..] = rest {
        assert!(matches!(first, b' '..=b'~'), "`ACCEPT` must be visible ASCII, such as `text/csv`");
        rest = after;
    }
    accept
}

impl<T> Decoder<T> {
    /// `match` instead of `Result::map`, here and in what reads an outcome: each type has its own copy of these functions.
    pub(super) fn read<R>(self, given: Given<'_>, build: impl FnOnce(T) -> R) -> Reading<R> {
        let outcome = match (self.read)(given) {
            Ok(value) => Ok(build(value)),
            Err(error) => Err(error),
        };
        Reading { accept: self.accept, streams: self.streams, outcome }
    }
}

impl<T> Reading<T> {
    pub(super) fn map<R>(self, build: impl FnOnce(T) -> R) -> Reading<R> {
        let outcome = match self.outcome {
            Ok(value) => Ok(build(value)),
            Err(error) => Err(error),
        };
        Reading { accept: self.accept, streams: self.streams, outcome }
    }
}

impl Reading<()> {
    /// Of a result that isn't read from a body.
    pub(super) const FAILURE: Self = Self { accept: "", streams: false, outcome: Ok(()) };
}

/// Reads the outcomes of a method, for code that is the same for every return type.
pub(crate) trait Reader {
    /// Reads, and keeps the result. What is returned is the rest.
    fn read(&mut self, step: Step<'_>) -> Reading<()>;
}

/// A [`Reader`], and the last result that it read.
pub(crate) struct Kept<R> {
    read: Read<R>,
    result: Option<R>,
}

impl<R> Kept<R> {
    pub(crate) fn new(read: Read<R>) -> Self {
        Self { read, result: None }
    }

    /// The result of a call that has ended.
    pub(crate) fn into_result(self) -> R {
        match self.result {
            Some(result) => result,
            None => unreachable!("an ended call has read a response or a failure"),
        }
    }
}

impl<R> Reader for Kept<R> {
    fn read(&mut self, step: Step<'_>) -> Reading<()> {
        (self.read)(step, &mut self.result)
    }
}

/// Returns what a request needs to know about its outcomes: the `accept` header, and which of them read a stream. `identity` is the
/// address of the function that reads them.
pub(crate) fn asked_for(endpoint: &Endpoint, identity: usize, reader: &mut dyn Reader) -> (HeaderValue, Streaming) {
    let (accept, streaming) = endpoint.asked(identity, &mut || {
        let (mut accepted, mut streaming) = (Vec::new(), Streaming::default());
        for outcome in 0..endpoint.outcomes().iter().len() {
            let Reading { accept, streams, .. } = reader.read(Step::Outcome(outcome, Given::Nothing));
            if streams {
                streaming.add(outcome);
            }
            if !accept.is_empty() && !accepted.contains(&accept) {
                accepted.push(accept);
            }
        }
        (join(&accepted), streaming.0)
    });
    (accept, Streaming(streaming))
}

/// The value of `accept`. Types that ignore the body name no media type.
fn join(accepted: &[&'static str]) -> HeaderValue {
    match accepted {
        [] => HeaderValue::from_static("*/*"),
        // Its clones allocate nothing.
        [only] => HeaderValue::from_static(only),
        _ => HeaderValue::try_from(accepted.join(", ")).expect("checked at compile time"),
    }
}

/// Returns the position of this response's outcome if that outcome reads a stream.
pub(crate) fn streams(
    endpoint: &'static Endpoint,
    streaming: Streaming,
    response: &Response,
    reader: &mut dyn Reader,
) -> Option<usize> {
    let outcome = streaming.outcome_of(Some(endpoint), response.status())?;
    // With very many outcomes, two share a bit.
    reader.read(Step::Outcome(outcome, Given::Nothing)).streams.then_some(outcome)
}

/// Reads a response whose body is still to come: the outcome at this position reads it.
#[cold]
pub(crate) fn read_stream(
    endpoint: &'static Endpoint,
    outcome: usize,
    download: Result<Download, TransportError>,
    reader: &mut dyn Reader,
) {
    match download {
        Ok(download) => reader.read(Step::Outcome(outcome, Given::Stream(&mut Some(download)))),
        Err(error) => reader.read(Step::Failure(Error::from_transport(endpoint, error))),
    };
}

/// Reads this response, whose body is whole, or this error.
pub(crate) fn read(endpoint: &'static Endpoint, response: Result<Response, Error>, reader: &mut dyn Reader) {
    let error = match response.map(whole) {
        Ok(response) => match status::outcome_of(endpoint, response.status()) {
            Some(outcome) => match reader.read(Step::Outcome(outcome, Given::Whole(&response))).outcome {
                Ok(()) => return,
                Err(source) => unreadable(endpoint, response, source),
            },
            None => status::undeclared(endpoint, response),
        },
        Err(error) => error,
    };
    reader.read(Step::Failure(error));
}

#[cold]
pub(super) fn unreadable(endpoint: &'static Endpoint, response: WholeResponse, source: DecodeError) -> Error {
    let source = source.for_people(response.extensions());
    Error::Decode { endpoint, response: Box::new(response), source }
}
