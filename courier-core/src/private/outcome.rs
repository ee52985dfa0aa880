//! Status and outcome: the closure of an expansion reads an answer by way of these.

use std::convert::Infallible;
use std::marker::PhantomData;

use http::HeaderValue;

use crate::call::Read;
use crate::error::Error;
use crate::request::InvalidRequest;
use crate::response::{Answer, DecodeError, FromResponse, Response};

/// What a reader is asked. One closure answers both, so that an outcome's type is named once in the expansion.
#[derive(Debug)]
pub enum Question<'q> {
    /// Which media types can the outcomes be read from? Answered with `None`, into the list.
    Accept(&'q mut Accept),
    /// What does the method return for this answer? Answered with `Some`.
    Read(Result<Answer, Error>),
}

impl Question<'_> {
    pub(crate) fn read<R>(answer: Result<Answer, Error>, read: Read<R>) -> R {
        read(Question::Read(answer)).expect("a reader answers `Read` with `Some`")
    }
}

/// The media types that the declared outcomes can read.
#[derive(Debug)]
pub struct Accept {
    outcomes: usize,
    first: Option<&'static str>,
    more: Vec<&'static str>,
}

impl Accept {
    pub(super) fn of(outcomes: usize) -> Self {
        Self { outcomes, first: None, more: Vec::new() }
    }

    fn add(&mut self, media_type: &'static str) {
        match self.first {
            // An outcome that has no use for a body has no say in its type.
            _ if media_type.is_empty() => {}
            None => self.first = Some(media_type),
            Some(first) if media_type == first || self.more.contains(&media_type) => {}
            Some(_) => self.more.push(media_type),
        }
    }

    pub(super) fn header_value(&self) -> Result<HeaderValue, InvalidRequest> {
        let first = self.first.unwrap_or("*/*");
        let list = self.more.iter().fold(first.to_owned(), |list, media_type| list + ", " + media_type);
        HeaderValue::try_from(list).map_err(|_| InvalidRequest::Header {
            name: "accept".to_owned(),
            rule: "`FromResponse::accept` must return visible ASCII, such as `text/csv`",
        })
    }
}

/// The return type of an endpoint's method, seen through an alias: a `Result`.
#[diagnostic::on_unimplemented(
    message = "an endpoint's method returns a `Result`, and `{Self}` is none",
    label = "this is not a `Result`",
    note = "a call can fail before there is an outcome: write `-> courier_core::Result<{Self}>`"
)]
pub trait Returned: Sized {
    type Success;
    type Failure;

    fn into_result(self) -> Result<Self::Success, Self::Failure>;
    fn from_result(result: Result<Self::Success, Self::Failure>) -> Self;
}

impl<T, E> Returned for Result<T, E> {
    type Success = T;
    type Failure = E;

    fn into_result(self) -> Result<T, E> {
        self
    }

    fn from_result(result: Self) -> Self {
        result
    }
}

/// The error type of an endpoint's method.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the error of an endpoint's method: a call's own error does not convert into it",
    label = "the error type here lacks `From<courier_core::Error>`",
    note = "implement `From<courier_core::Error> for {Self}`, or return `courier_core::Result<…>`"
)]
pub trait Failure: From<Error> {}

#[diagnostic::do_not_recommend]
impl<E: From<Error>> Failure for E {}

/// Reads the one declared outcome: the success type is the body itself.
pub fn body<R>(question: Question<'_>) -> Option<R>
where
    R: Returned<Failure: Failure, Success: FromResponse>,
{
    match question {
        Question::Accept(accept) => {
            accept.add(R::Success::accept());
            None
        }
        Question::Read(answer) => Some(R::from_result(answer.and_then(Answer::read).map_err(From::from))),
    }
}

/// Builds the variant of the outcome at a position. A function pointer: what calls it is compiled once for a return type.
type Build<S> = fn(usize, Reader<'_, S>) -> Option<Result<S, Error>>;

/// Reads several declared outcomes: `by` names, for each, the variant that it builds.
pub fn variants<R>(question: Question<'_>, by: Build<R::Success>) -> Option<R>
where
    R: Returned<Failure: Failure>,
{
    match question {
        Question::Accept(accept) => {
            for outcome in 0..accept.outcomes {
                by(outcome, Reader::Accept(accept));
            }
            None
        }
        Question::Read(Ok(answer)) => {
            by(answer.outcome(), Reader::Read(answer)).map(|read| R::from_result(read.map_err(From::from)))
        }
        Question::Read(Err(error)) => Some(R::from_result(Err(error.into()))),
    }
}

/// A question about one outcome of the success type `S`.
#[derive(Debug)]
pub enum Reader<'q, S> {
    Accept(&'q mut Accept),
    Read(Answer),
    /// `S` is fixed by the method's return type: a variant that does not build it is an error at its name.
    Never(Infallible, PhantomData<fn() -> S>),
}

impl<S> Reader<'_, S> {
    /// Builds `variant` from the answer's body.
    pub fn variant<M, V>(self, variant: V) -> Option<Result<S, Error>>
    where
        V: Variant<S, M, Payload: FromResponse>,
    {
        match self {
            Self::Accept(accept) => {
                accept.add(V::Payload::accept());
                None
            }
            Self::Read(answer) => Some(answer.read().map(|payload| variant.with(payload))),
            Self::Never(never, _) => match never {},
        }
    }
}

/// A variant that an outcome can build: one field, or none. The marker `M` keeps the two implementations apart.
#[diagnostic::on_unimplemented(
    message = "this outcome's variant has more than one field",
    label = "an outcome builds a variant with one field, or with none",
    note = "give the variant one field that is a struct: `Conflict(TooLate)`"
)]
pub trait Variant<S, M> {
    type Payload;

    fn with(self, payload: Self::Payload) -> S;
}

#[diagnostic::do_not_recommend]
impl<S, P, F: FnOnce(P) -> S> Variant<S, (P,)> for F {
    type Payload = P;

    fn with(self, payload: P) -> S {
        self(payload)
    }
}

#[diagnostic::do_not_recommend]
impl<S> Variant<S, ()> for S {
    type Payload = Ignored;

    fn with(self, Ignored: Ignored) -> S {
        self
    }
}

/// The body of an outcome that has no use for one.
#[derive(Debug)]
pub struct Ignored;

impl FromResponse for Ignored {
    fn accept() -> &'static str {
        ""
    }

    fn from_response(_: &Response) -> Result<Self, DecodeError> {
        Ok(Self)
    }
}
