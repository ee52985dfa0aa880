//! Outcome: a response's body as the type that the declaration gives it.
//!
//! [`FromResponse`] is what a body can be read as, and [`NoBody`] what needs no body. The other traits are what `#[endpoint]`
//! requires of a method's return type and of its variants. They can't be implemented outside of this crate: they exist so that the
//! compiler can say what a type lacks, and what to write instead.

mod json;
mod plain;
pub(crate) mod reader;
mod variant;
mod with_response;

pub use self::plain::{Raw, Text};
use self::reader::{Decoder, Reading, Step};
pub use self::variant::Variant;
#[doc(hidden)]
pub use self::variant::{NoVariant, UsualOutcomes};
pub use self::with_response::WithResponse;
use crate::error::{DecodeError, Error};
use crate::transport::Response;

/// A type that a response can be read as.
///
/// Every type with [`Deserialize`](serde::Deserialize) is read from JSON. `()` accepts any body, an empty one included. Your
/// own type that is something else implements this trait:
///
/// ```
/// use courier_core::{DecodeError, FromResponse, Response};
///
/// /// Lines of comma-separated values.
/// struct Csv(Vec<Vec<String>>);
///
/// impl FromResponse for Csv {
///     const ACCEPT: &'static str = "text/csv";
///
///     fn from_response(response: &Response) -> Result<Self, DecodeError> {
///         let text = std::str::from_utf8(response.body()).map_err(DecodeError::new)?;
///         Ok(Self(text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a response can't be read as `{Self}`",
    label = "this outcome's type is not `Deserialize`",
    note = "derive `serde::Deserialize` on it to read it from JSON, or implement `courier_core::FromResponse`",
    note = "for an enum with a variant for each outcome, declare all outcomes: `ok = 200, not_found = 404`"
)]
pub trait FromResponse: Sized {
    /// The media type that this type can read, for the request's `accept` header: visible ASCII, such as `text/csv`, or the
    /// program does not compile. Empty means no preference, for a type that keeps nothing of the body.
    const ACCEPT: &'static str;

    /// Reads a response whose status is a declared outcome.
    ///
    /// # Errors
    ///
    /// [`DecodeError`]: what can't be read, and where. The caller adds status, headers and body.
    fn from_response(response: &Response) -> Result<Self, DecodeError>;

    /// Both as a value for an expansion, which can't name the type.
    #[doc(hidden)]
    const DECODER: Decoder<Self> = Decoder::NEW;
}

impl Error {
    /// The body read as `T`: `None` if there is no body, or it can't be read.
    ///
    /// ```
    /// use courier_core::messages::{Messages, Problem};
    /// use courier_core::transport::MemoryTransport;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let transport = MemoryTransport::new()
    ///     .answer(404, r#"{"message": "Message not found", "type": "invalid_request_error"}"#);
    ///
    /// let error = transport.cancel("1-65f0c0e1").await.unwrap_err();
    /// let problem = error.body_as::<Problem>().unwrap();
    /// assert_eq!(problem.message, "Message not found");
    /// # })
    /// ```
    #[must_use]
    pub fn body_as<T: FromResponse>(&self) -> Option<T> {
        T::from_response(self.response()?).ok()
    }
}

/// The return type of an endpoint's method: a `Result`, by that name or an alias.
#[diagnostic::on_unimplemented(
    message = "an endpoint's method returns a `Result`, and `{Self}` is not one",
    label = "this is not a `Result`",
    note = "a call can fail before there is an outcome: write `-> courier_core::Result<{Self}>`"
)]
pub trait ReturnType: Sized {
    /// What the outcomes build.
    type Success;
    /// The error type, which a call's own error converts into.
    type Failure;

    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Success, Self::Failure>;

    /// Reads one of several declared outcomes: `by` reads the one at a position, as the variant that it builds.
    #[doc(hidden)]
    fn several(
        step: Step<'_>,
        failure: fn(Error) -> Self::Failure,
        by: fn(usize, Option<&Response>) -> Reading<Self::Success>,
    ) -> Reading<Self>;
}

impl<T, E> ReturnType for Result<T, E> {
    type Success = T;
    type Failure = E;

    fn into_result(self) -> Self {
        self
    }

    fn several(
        step: Step<'_>,
        failure: fn(Error) -> E,
        by: fn(usize, Option<&Response>) -> Reading<T>,
    ) -> Reading<Self> {
        match step {
            Step::Outcome(outcome, response) => by(outcome, response).map(Ok),
            Step::Failure(error) => Reading::of(Err(failure(error))),
        }
    }
}

/// What the outcomes of a method with this return type build: `T` of `Result<T, E>`.
pub type Success<R> = <R as ReturnType>::Success;

/// The return type of a method with one outcome: a `Result` whose success type is the body.
#[diagnostic::on_unimplemented(
    message = "an endpoint's method returns a `Result`, and `{Self}` is not one",
    label = "this is not a `Result`",
    note = "a call can fail before there is an outcome: write `-> courier_core::Result<{Self}>`"
)]
pub trait OneOutcome: Sized {
    #[doc(hidden)]
    fn body(step: Step<'_>) -> Reading<Self>;
}

impl<T: FromResponse, E: Failure> OneOutcome for Result<T, E> {
    fn body(step: Step<'_>) -> Reading<Self> {
        Self::several(step, E::from_error, |_, response| T::DECODER.read(response))
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
/// The attribute requires it of each outcome that lists 204, 205 or 304, and of every outcome of a `HEAD`. Your own type that
/// implements [`FromResponse`] and reads no body, only headers for example, needs an empty `impl NoBody`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is read from a body, and this response has none",
    label = "a response with status 204, 205 or 304, or to a HEAD, has no body",
    note = "return `Result<Option<{Self}>>`, which is `None` for such a status, or `Result<()>` if there never is a body, as for a HEAD",
    note = "among several outcomes, the variant for such a status has no field: `some = 200, none = 204`",
    note = "a type of your own that reads no body implements `courier_core::outcome::NoBody`"
)]
pub trait NoBody: FromResponse {
    #[doc(hidden)]
    const DECODER_WITHOUT_BODY: Decoder<Self> = Self::DECODER;
}

#[diagnostic::do_not_recommend]
impl NoBody for () {}
#[diagnostic::do_not_recommend]
impl NoBody for Raw {}
#[diagnostic::do_not_recommend]
impl NoBody for Text {}
#[diagnostic::do_not_recommend]
impl<T> NoBody for Option<T> where Self: FromResponse {}
#[diagnostic::do_not_recommend]
impl<T: NoBody> NoBody for WithResponse<T> {}
