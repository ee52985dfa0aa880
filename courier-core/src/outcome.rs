//! What a method may return: the traits that `#[endpoint]` asks of a method's return type and of the variants of its outcomes.
//!
//! They exist so that the compiler can say what a type lacks, and what to write instead. Only [`NoBody`] can be implemented. What
//! an outcome's body may be is [`FromResponse`].

use std::convert::Infallible;
use std::marker::PhantomData;

use crate::__private::{Build, Ignored, Question, Reader};
use crate::error::Error;
use crate::response::{Answer, Decoder, FromResponse, Raw, Text, WithResponse};

/// The return type of an endpoint's method: a `Result`, by that name or an alias.
#[diagnostic::on_unimplemented(
    message = "an endpoint's method returns a `Result`, and `{Self}` is not one",
    label = "this is not a `Result`",
    note = "a call can fail before there is an outcome: write `-> courier_core::Result<{Self}>`"
)]
pub trait ReturnType: Sized {
    /// What the outcomes build.
    type Success;
    /// The error, which a call's own error converts into.
    type Failure;

    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Success, Self::Failure>;

    /// Reads several declared outcomes: `by` names, for each, the variant that it builds.
    #[doc(hidden)]
    fn variants(question: Question<'_>, failure: fn(Error) -> Self::Failure, by: Build<Self::Success>) -> Option<Self>;
}

impl<T, E> ReturnType for Result<T, E> {
    type Success = T;
    type Failure = E;

    fn into_result(self) -> Self {
        self
    }

    fn variants(question: Question<'_>, failure: fn(Error) -> E, by: Build<T>) -> Option<Self> {
        match question {
            Question::Accept(accept) => {
                for outcome in 0..accept.outcomes() {
                    by(outcome, Reader::Accept(accept));
                }
                None
            }
            Question::Read(Ok(answer)) => by(answer.outcome(), Reader::Read(answer)).map(|read| read.map_err(failure)),
            Question::Read(Err(error)) => Some(Err(failure(error))),
        }
    }
}

/// What the outcomes of a method with this return type build: `T` of `Result<T, E>`.
pub type Success<R> = <R as ReturnType>::Success;

/// The return type of a method with one outcome: a `Result` whose success type is the answer's body.
#[diagnostic::on_unimplemented(
    message = "an endpoint's method returns a `Result`, and `{Self}` is not one",
    label = "this is not a `Result`",
    note = "a call can fail before there is an outcome: write `-> courier_core::Result<{Self}>`"
)]
pub trait OneOutcome: Sized {
    #[doc(hidden)]
    fn body(question: Question<'_>) -> Option<Self>;
}

impl<T: FromResponse, E: Failure> OneOutcome for Result<T, E> {
    fn body(question: Question<'_>) -> Option<Self> {
        match question {
            Question::Accept(accept) => {
                accept.add(T::accept());
                None
            }
            Question::Read(answer) => {
                Some(answer.and_then(|answer: Answer| answer.read(&T::decoder())).map_err(E::from_error))
            }
        }
    }
}

/// The error type of an endpoint's method: every type with `From<courier_core::Error>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the error of an endpoint's method: a call's own error does not convert into it",
    label = "the error type here lacks `From<courier_core::Error>`",
    note = "return `courier_core::Result<…>`, or an error type of your own with `impl From<courier_core::Error>`"
)]
pub trait Failure {
    #[doc(hidden)]
    fn from_error(error: Error) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<Error>> Failure for E {
    fn from_error(error: Error) -> Self {
        Self::from(error)
    }
}

/// What can be read from a response without a body: `()`, an `Option` (`None`), [`Text`] and [`Raw`] (empty), and a
/// [`WithResponse`] of one of these.
///
/// The attribute requires it of each outcome that lists 204, 205 or 304, and of every outcome of a `HEAD`. A type of your own
/// that implements [`FromResponse`] and reads no body, only headers for example, needs an empty `impl NoBody`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is read from a body, and this response has none",
    label = "a response with status 204, 205 or 304, or to a HEAD, has no body",
    note = "return `Result<Option<{Self}>>`, which is `None` for such a status, or `Result<()>` if there never is a body, as for a HEAD",
    note = "among several outcomes, the variant for such a status has no field: `some = 200, none = 204`",
    note = "a type of your own that reads no body implements `courier_core::outcome::NoBody`"
)]
pub trait NoBody: FromResponse {
    #[doc(hidden)]
    #[must_use]
    fn decoder_without_body() -> Decoder<Self> {
        Self::decoder()
    }
}

#[diagnostic::do_not_recommend]
impl NoBody for () {}
#[diagnostic::do_not_recommend]
impl NoBody for Ignored {}
#[diagnostic::do_not_recommend]
impl NoBody for Raw {}
#[diagnostic::do_not_recommend]
impl NoBody for Text {}
#[diagnostic::do_not_recommend]
impl<T> NoBody for Option<T> where Self: FromResponse {}
#[diagnostic::do_not_recommend]
impl<T: NoBody> NoBody for WithResponse<T> {}

/// A variant that an outcome can build: one with a single field, which gets the decoded body, or one with none. The marker
/// `M` keeps them apart.
#[diagnostic::on_unimplemented(
    message = "this outcome has no variant that it can build",
    label = "an outcome builds the variant of its name: `not_found` builds `NotFound`",
    note = "with several outcomes, the success type is an enum with a variant for each: `enum Found {{ Ok(Message), NotFound }}`",
    note = "a variant has one field, which is read from the response's body, or none; put several fields into a struct"
)]
pub trait Variant<S, M> {
    /// The type of the field.
    type Payload;

    #[doc(hidden)]
    fn with(self, payload: Self::Payload) -> S;

    /// Builds the variant from the answer's body. The decoder is an argument, and no bound: what lacks one is underlined where
    /// the expansion names it, and nothing of this trait is shown.
    #[doc(hidden)]
    fn build(self, reader: Reader<'_, S>, decoder: fn() -> Decoder<Self::Payload>) -> Option<Result<S, Error>>
    where
        Self: Sized,
    {
        match reader {
            Reader::Accept(accept) => {
                accept.add(decoder().accept);
                None
            }
            Reader::Read(answer) => Some(answer.read(&decoder()).map(|payload| self.with(payload))),
            Reader::Never(never, _) => match never {},
        }
    }
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

/// No function takes this. With a second implementation for functions the compiler does not settle on the first and blame a
/// variant of two fields with the number of a function's arguments, but says what the trait says.
#[diagnostic::do_not_recommend]
impl<S, F: FnOnce(Infallible, Infallible, Infallible) -> S> Variant<S, (Infallible, Infallible, Infallible)> for F {
    type Payload = Infallible;

    fn with(self, payload: Infallible) -> S {
        match payload {}
    }
}

/// A placeholder for a variant that a success type lacks: the compiler says of it that it isn't a [`Variant`].
#[derive(Debug)]
pub struct NoVariant<S>(PhantomData<fn() -> S>);

macro_rules! usual_outcomes {
    ($($variant:ident)*) => {
        /// The usual names of outcomes, as constants of every type. An enum's own variant wins over its constant. Without them,
        /// a struct as the success type is an error about items that it lacks.
        #[doc(hidden)]
        #[allow(non_upper_case_globals, reason = "named like variants")]
        pub trait UsualOutcomes: Sized {
            $(#[doc(hidden)] const $variant: NoVariant<Self> = NoVariant(PhantomData);)*
        }
        impl<T> UsualOutcomes for T {}
    };
}
usual_outcomes! {
    Ok Created Accepted NoContent NotModified BadRequest Invalid Unauthorized Forbidden NotFound Missing Conflict Gone
    TooManyRequests Throttled Found Done Ready Pending Failed Rejected Error Err Some None
}
