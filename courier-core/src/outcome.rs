//! Outcome: reads a response's body as the declared type.
//!
//! [`FromResponse`] types are read from a whole response, [`FromStream`] types from one as it arrives, and [`NoBody`] types
//! also from one without a body. [`FromEvent`] types are read from a server-sent event. The other traits are what
//! `#[endpoint]` requires of a method's return type and of its variants. They can't be implemented outside this crate: they
//! let the compiler say what a type lacks, and what to write instead.

mod byte_order_mark;
mod download;
mod events;
mod iter;
mod json;
mod lines;
mod plain;
pub(crate) mod reader;
mod variant;
mod with_response;

pub use self::download::{Download, ReadBytes, SaveError, SaveTo};
pub use self::events::{Event, Events, FromEvent};
pub use self::iter::Iter;
pub use self::lines::Lines;
pub use self::plain::{Raw, Text};
use self::reader::{Decoder, Given, Reading, Seal, Step};
pub use self::variant::Variant;
#[doc(hidden)]
pub use self::variant::{NoVariant, UsualOutcomes};
pub use self::with_response::WithResponse;
use crate::error::{DecodeError, Error};
use crate::transport::WholeResponse;

/// A type that a response can be read as.
///
/// Every type that implements [`Deserialize`](serde::Deserialize) is read from JSON. `()` accepts any body, even an empty
/// one. For another format, implement this trait:
///
/// ```
/// use courier_core::{DecodeError, FromResponse, WholeResponse};
///
/// /// Lines of comma-separated values.
/// struct Csv(Vec<Vec<String>>);
///
/// impl FromResponse for Csv {
///     const ACCEPT: &'static str = "text/csv";
///
///     fn from_response(response: &WholeResponse) -> Result<Self, DecodeError> {
///         let text = std::str::from_utf8(response.body()).map_err(DecodeError::new)?;
///         Ok(Self(text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a response can't be read as `{Self}`",
    label = "this outcome's type is not `Deserialize`",
    note = "derive `serde::Deserialize` on it to read it from JSON, or implement `courier_core::FromResponse`; a type parameter \
            needs one of them as its bound",
    note = "for an enum with a variant for each outcome, declare all outcomes: `ok = 200, not_found = 404`"
)]
pub trait FromResponse: Sized {
    /// The media type for the request's `accept` header, such as `text/csv`. If it isn't visible ASCII, the program doesn't
    /// compile. Leave it empty for a type that ignores the body.
    const ACCEPT: &'static str;

    /// Reads a response whose status is a declared outcome.
    ///
    /// # Errors
    ///
    /// Returns [`DecodeError`] if the body can't be read. The caller adds status, headers and body.
    fn from_response(response: &WholeResponse) -> Result<Self, DecodeError>;
}

/// A type that takes a response after its head, and reads the body as it arrives: [`Download`], and types around one.
///
/// Any other response of the same call is read whole, as [`FromResponse`] needs it. For your own stream, implement this
/// trait:
///
/// ```
/// use courier_core::{Download, FromStream};
///
/// /// A tar archive that is unpacked as it arrives.
/// struct Archive(Download);
///
/// impl FromStream for Archive {
///     const ACCEPT: &'static str = "application/x-tar";
///
///     fn from_stream(download: Download) -> Self {
///         Self(download)
///     }
/// }
/// ```
pub trait FromStream: Sized {
    /// The media type for the request's `accept` header: see [`FromResponse::ACCEPT`].
    const ACCEPT: &'static str;

    /// Takes a response whose status is a declared outcome. What is wrong with its body is an error of the stream.
    fn from_stream(download: Download) -> Self;
}

/// `None` for a status that has no body: 204, 205, 304.
impl<T: FromStream> FromStream for Option<T> {
    const ACCEPT: &'static str = T::ACCEPT;

    fn from_stream(download: Download) -> Self {
        (!json::has_no_body(download.status())).then(|| T::from_stream(download))
    }
}

/// The type of an outcome: one with [`FromResponse`] or one with [`FromStream`]. The marker `M` distinguishes them.
#[diagnostic::on_unimplemented(
    message = "a response can't be read as `{Self}`",
    label = "this outcome's type is not `Deserialize`",
    note = "derive `serde::Deserialize` on it to read it from JSON, or implement `courier_core::FromResponse`",
    note = "for `Events<T>` and `Lines<T>`, this is about `T`",
    note = "for an enum with a variant for each outcome, declare all outcomes: `ok = 200, not_found = 404`"
)]
pub trait Payload<M>: Sized {
    /// How it is read, as a value for the expansion, which can't name the type.
    #[doc(hidden)]
    const DECODER: Decoder<Self>;
}

/// Marks what is read from a whole body: see [`Payload`].
#[derive(Debug)]
pub enum Whole {}

/// Marks what is read from a stream: see [`Payload`].
#[derive(Debug)]
pub enum Streamed {}

#[diagnostic::do_not_recommend]
impl<T: FromResponse> Payload<Whole> for T {
    const DECODER: Decoder<Self> = Decoder::WHOLE;
}

#[diagnostic::do_not_recommend]
impl<T: FromStream> Payload<Streamed> for T {
    const DECODER: Decoder<Self> = Decoder::STREAM;
}

impl Error {
    /// Reads the body as `T`; `None` if it is missing or can't be read.
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
    /// The type that the outcomes build.
    type Success;
    /// The error type, which can be made from a call's own error.
    type Failure;

    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Success, Self::Failure>;

    /// Reads one of several declared outcomes: `by` reads the outcome at a position as its variant.
    #[doc(hidden)]
    fn several(
        step: Step<'_>,
        result: &mut Option<Self>,
        failure: fn(Error) -> Self::Failure,
        by: fn(usize, Given<'_>) -> Reading<Self::Success>,
    ) -> Reading<()>;
}

impl<T, E> ReturnType for Result<T, E> {
    type Success = T;
    type Failure = E;

    fn into_result(self) -> Self {
        self
    }

    fn several(
        step: Step<'_>,
        result: &mut Option<Self>,
        failure: fn(Error) -> E,
        by: fn(usize, Given<'_>) -> Reading<T>,
    ) -> Reading<()> {
        match step {
            Step::Outcome(outcome, given) => by(outcome, given).map(|outcome| *result = Some(Ok(outcome))),
            Step::Failure(error) => {
                *result = Some(Err(failure(error)));
                Reading::FAILURE
            }
        }
    }
}

/// The success type of a return type: `T` of `Result<T, E>`.
pub type Success<R> = <R as ReturnType>::Success;

/// The return type of a method with one outcome: a `Result` whose success type is the body.
#[diagnostic::on_unimplemented(
    message = "an endpoint's method returns a `Result`, and `{Self}` is not one",
    label = "this is not a `Result`",
    note = "a call can fail before there is an outcome: write `-> courier_core::Result<{Self}>`"
)]
pub trait OneOutcome<M>: Sized {
    #[doc(hidden)]
    fn body(step: Step<'_>, result: &mut Option<Self>) -> Reading<()>;
}

impl<M, T: Payload<M>, E: Failure> OneOutcome<M> for Result<T, E> {
    fn body(step: Step<'_>, result: &mut Option<Self>) -> Reading<()> {
        match step {
            Step::Outcome(_, given) => T::DECODER.read(given, |body| *result = Some(Ok(body))),
            Step::Failure(error) => {
                *result = Some(Err(E::from_error(error)));
                Reading::FAILURE
            }
        }
    }
}

/// The error type of an endpoint's method: every type with `From<courier_core::Error>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the error type of an endpoint's method",
    label = "this error type must implement `From<courier_core::Error>`",
    note = "return `courier_core::Result<…>`, or implement `From<courier_core::Error>` for your own error type"
)]
pub trait Failure {
    #[doc(hidden)]
    const SEAL: Seal;

    #[doc(hidden)]
    fn from_error(error: Error) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<Error>> Failure for E {
    const SEAL: Seal = Seal;

    fn from_error(error: Error) -> Self {
        Self::from(error)
    }
}

/// A type that can be read from a response without a body: `()`, an `Option` (`None`), [`Text`] and [`Raw`] (empty), and a
/// [`WithResponse`] of one of these.
///
/// `#[endpoint]` requires it for each outcome with the status 204, 205 or 304, and for all outcomes of a `HEAD`. If your own
/// [`FromResponse`] type needs no body, for example because it only reads headers, add an empty `impl NoBody` for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is read from a body, and this response has none",
    label = "a response with status 204, 205 or 304, or to a HEAD, has no body",
    note = "return `Result<Option<{Self}>>`, which is `None` for such a status, or `Result<()>` if there never is a body, as for a HEAD",
    note = "with several outcomes, the variant for such a status has no field: `some = 200, none = 204`",
    note = "if your own type needs no body, implement `courier_core::outcome::NoBody` for it"
)]
pub trait NoBody<M = Whole>: Payload<M> {
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
impl<T: NoBody + FromResponse> NoBody for WithResponse<T> {}
#[diagnostic::do_not_recommend]
impl<T: FromStream> NoBody<Streamed> for Option<T> {}
#[diagnostic::do_not_recommend]
impl<T: NoBody<Streamed> + FromStream> NoBody<Streamed> for WithResponse<T> {}
