//! Status and outcome: which declared outcome an answer is, then its body as that outcome's type. Both pure.

use std::cell::Cell;
use std::fmt;

use bytes::Bytes;
use http::{Extensions, HeaderMap, StatusCode};
use serde::Deserializer;
use serde::de::{self, DeserializeOwned, Visitor};
use thiserror::Error;

use crate::endpoint::Endpoint;
use crate::error::{Error, Result};
use crate::secret::Secrets;
use crate::text::{Excerpt, beginning};

/// An answer from a [`Transport`](crate::Transport), whole.
pub type Response = http::Response<Bytes>;

/// How many attempts an answer took, in its extensions where there was more than one.
#[derive(Clone, Copy)]
pub(crate) struct Attempts(u32);

impl Attempts {
    pub(crate) fn note(response: &mut Response, attempts: u32) {
        if attempts > 1 {
            response.extensions_mut().insert(Self(attempts));
        }
    }

    pub(crate) fn of(response: &Response) -> u32 {
        response.extensions().get::<Self>().map_or(1, |&Self(attempts)| attempts)
    }
}

/// Status: an answer whose status the endpoint declares, and the position of the outcome that declares it.
#[derive(Debug)]
pub struct Answer {
    endpoint: &'static Endpoint,
    outcome: usize,
    response: Response,
}

impl Answer {
    /// Only a declared status is an outcome; the body has no say in it.
    pub(crate) fn new(endpoint: &'static Endpoint, response: Response) -> Result<Self> {
        match endpoint.outcomes().of(response.status()) {
            Some((outcome, _)) => Ok(Self { endpoint, outcome, response }),
            None => Err(Error::Status { endpoint, response: Box::new(response) }),
        }
    }

    pub(crate) fn outcome(&self) -> usize {
        self.outcome
    }

    /// Outcome: the body as the type that the declaration gives it.
    pub(crate) fn read<T>(self, decoder: &Decoder<T>) -> Result<T> {
        (decoder.read)(&self.response).map_err(|source| {
            let source = source.for_people(self.response.extensions());
            Error::Decode { endpoint: self.endpoint, response: Box::new(self.response), source }
        })
    }
}

/// A type that an outcome's answer can be read as.
///
/// Every type with [`Deserialize`](serde::Deserialize) is read from JSON. `()` accepts any body, an empty one included. A
/// type of yours that is something else implements this trait:
///
/// ```
/// use courier_core::{DecodeError, FromResponse, Response};
///
/// /// Lines of comma-separated values.
/// struct Csv(Vec<Vec<String>>);
///
/// impl FromResponse for Csv {
///     fn accept() -> &'static str {
///         "text/csv"
///     }
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
    note = "of an enum with a variant for each outcome, all outcomes are declared: `ok = 200, not_found = 404`"
)]
pub trait FromResponse: Sized {
    /// The media type that this type can read, for the request's `accept` header: visible ASCII, such as `text/csv`. Empty says
    /// that the body is not read.
    fn accept() -> &'static str;

    /// Reads an answer whose status has been recognised.
    ///
    /// # Errors
    ///
    /// [`DecodeError`]: what can't be read, and where. Status, headers and body are added to it by the caller.
    fn from_response(response: &Response) -> Result<Self, DecodeError>;

    /// Both as a value, for an expansion: only the type of its value says what it decodes.
    #[doc(hidden)]
    #[must_use]
    fn decoder() -> Decoder<Self> {
        Decoder { accept: Self::accept(), read: Self::from_response }
    }
}

/// How an outcome's answer is read as a `T`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Decoder<T> {
    pub(crate) accept: &'static str,
    read: fn(&Response) -> Result<T, DecodeError>,
}

/// JSON is UTF-8 whatever `charset` says and whatever the `Content-Type` is ([RFC 8259, 8.1][utf8]); a leading byte order
/// mark is skipped, as that section allows.
///
/// [utf8]: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromResponse for T {
    fn accept() -> &'static str {
        if absent::<T>(false).is_some() { "" } else { "application/json" }
    }

    fn from_response(response: &Response) -> Result<Self, DecodeError> {
        let has_no_body = matches!(response.status().as_u16(), 204 | 205 | 304);
        if let Some(absent) = absent(has_no_body) {
            return Ok(absent);
        }
        // The parser alone would let invalid UTF-8 pass inside a field that it ignores.
        let text = utf8(response.body())?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        serde_json::from_str(text).map_err(|error| {
            if has_no_body && text.trim_ascii().is_empty() {
                return no_body(response.status());
            }
            // It may quote the whole body: only a beginning is kept, and shown.
            let message = beginning(error, response.extensions());
            locate::<T>(text, message, response.extensions())
        })
    }
}

fn no_body(status: StatusCode) -> DecodeError {
    let status = status.as_u16();
    DecodeError::new(format!(
        "a {status} has no body to read it from; return an `Option`, which is `None` for a {status}, or declare the \
         status as an outcome that reads no body"
    ))
}

fn utf8(body: &[u8]) -> Result<&str, DecodeError> {
    let problem = |error: std::str::Utf8Error| DecodeError::new(format!("not UTF-8 from byte {}", error.valid_up_to()));
    std::str::from_utf8(body).map_err(problem)
}

/// Reads the text again, for the JSON path of the error: calls that succeed don't pay for it.
fn locate<T: DeserializeOwned>(text: &str, message: String, extensions: &Extensions) -> DecodeError {
    if text.trim_ascii().is_empty() {
        return DecodeError::new("it is empty, where JSON was expected (`()` reads an answer that has no body)");
    }
    let mut json = serde_json::Deserializer::from_str(text);
    match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Err(located) => {
            let path = beginning(located.path(), extensions);
            DecodeError { path: (path != ".").then_some(path), message: beginning(located.inner(), extensions) }
        }
        // The value was read: what is wrong comes after it.
        Ok(_) => DecodeError { path: None, message },
    }
}

/// The value of a type that needs no body: it asks for a unit and nothing else, as `()` does, or, with `options`, for an option.
/// A lenient type, which uses a default if it can't be read, asks for something first.
fn absent<T: DeserializeOwned>(options: bool) -> Option<T> {
    let asked_for_more = Cell::new(false);
    T::deserialize(Absent { options, asked_for_more: &asked_for_more }).ok().filter(|_| !asked_for_more.get())
}

/// No body: a unit, and with `options` also the `None` of an `Option`.
struct Absent<'c> {
    options: bool,
    asked_for_more: &'c Cell<bool>,
}

impl<'de> Deserializer<'de> for Absent<'_> {
    type Error = de::value::Error;

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.options { visitor.visit_none() } else { self.deserialize_any(visitor) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_unit()
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        self.asked_for_more.set(true);
        Err(<Self::Error as de::Error>::custom("only `()` needs no body"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// What of a body can't be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}{message}", path.as_deref().map(|path| format!("at `{path}`: ")).unwrap_or_default())]
pub struct DecodeError {
    path: Option<String>,
    message: String,
}

impl DecodeError {
    /// An error about the body as a whole.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "`map_err(DecodeError::new)` reads better with a value")]
    pub fn new(message: impl ToString) -> Self {
        Self { path: None, message: message.to_string() }
    }

    /// An error at a place in the body: `results[3].status`.
    #[must_use]
    pub fn at(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: Some(path.into()), message: message.into() }
    }

    /// The same without a credential in it, escaped and cut: path and message hold a server's text.
    fn for_people(self, extensions: &Extensions) -> Self {
        let clean = |text: String| Excerpt::of(&text, extensions).to_string();
        Self { path: self.path.map(clean), message: clean(self.message) }
    }

    /// The place in the body, as a JSON path without the root: `results[3].status`. `None` is the body as a whole.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }
}

/// The body as text: UTF-8, whatever its `Content-Type`.
///
/// ```
/// use courier_core::{MemoryTransport, Result, Text, Transport, endpoint};
///
/// trait Pages: Transport {
///     #[endpoint(GET, "/robots.txt", ok = 200)]
///     async fn robots(&self) -> Result<Text>;
/// }
/// impl<T: Transport> Pages for T {}
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer(200, "User-agent: *");
/// assert_eq!(transport.robots().await.unwrap().0, "User-agent: *");
/// assert_eq!(transport.requests()[0].headers()["accept"], "text/*");
/// # })
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl FromResponse for Text {
    fn accept() -> &'static str {
        "text/*"
    }

    fn from_response(response: &Response) -> Result<Self, DecodeError> {
        utf8(response.body()).map(|text| Self(text.to_owned()))
    }
}

/// The body as the bytes that came, decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw(pub Bytes);

impl FromResponse for Raw {
    fn accept() -> &'static str {
        "*/*"
    }

    fn from_response(response: &Response) -> Result<Self, DecodeError> {
        Ok(Self(response.body().clone()))
    }
}

/// An outcome with the status and headers that it came with: request ids, rate limits.
///
/// [`Call::with_response`](crate::Call::with_response) gives one for any call. As the type of an outcome it is part of the
/// declaration:
///
/// ```
/// use courier_core::{MemoryTransport, Result, Transport, WithResponse, endpoint};
///
/// enum Lookup {
///     Ok(String),
///     Throttled(WithResponse<()>),
/// }
///
/// trait Names: Transport {
///     #[endpoint(GET, "/names/<id>", ok = 200, throttled = 429)]
///     async fn name(&self, id: u64) -> Result<Lookup>;
/// }
/// impl<T: Transport> Names for T {}
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let transport = MemoryTransport::new().answer_with(429, [("retry-after", "7")], "");
/// let Lookup::Throttled(answer) = transport.name(1).await.unwrap() else { panic!() };
/// assert_eq!(answer.headers["retry-after"], "7");
/// # })
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct WithResponse<T> {
    /// The outcome, as it would have been without its status and headers.
    pub outcome: T,
    /// The status that the server sent.
    pub status: StatusCode,
    /// The headers that the server sent.
    pub headers: HeaderMap,
    /// How many attempts it took: 1 where nothing was [retried](crate::transport::Retry).
    pub attempts: u32,
    secrets: Secrets,
}

impl<T> WithResponse<T> {
    pub(crate) fn new(outcome: T, response: &Response) -> Self {
        let secrets = Secrets::of(response.extensions());
        let attempts = Attempts::of(response);
        Self { outcome, status: response.status(), headers: response.headers().clone(), attempts, secrets }
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> WithResponse<U> {
        let Self { outcome, status, headers, attempts, secrets } = self;
        WithResponse { outcome: map(outcome), status, headers, attempts, secrets }
    }
}

/// Without a credential that the server may have sent back.
impl<T: fmt::Debug> fmt::Debug for WithResponse<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers = format!("{:?}", self.headers);
        f.debug_struct("WithResponse")
            .field("outcome", &self.outcome)
            .field("status", &self.status)
            .field("headers", &format_args!("{}", self.secrets.redact(&headers)))
            .field("attempts", &self.attempts)
            .finish()
    }
}

impl<T: FromResponse> FromResponse for WithResponse<T> {
    fn accept() -> &'static str {
        T::accept()
    }

    fn from_response(response: &Response) -> Result<Self, DecodeError> {
        T::from_response(response).map(|outcome| Self::new(outcome, response))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use serde::Deserialize;

    use super::*;
    use crate::endpoint::Outcome;

    fn body(bytes: impl Into<Bytes>) -> Response {
        Response::new(bytes.into())
    }

    fn problem<T: FromResponse + std::fmt::Debug>(bytes: &'static [u8]) -> String {
        T::from_response(&body(bytes)).expect_err("unreadable").to_string()
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Message {
        id: String,
        sent: Option<i64>,
    }

    #[test]
    fn null_is_absent_and_unknown_fields_are_ignored() {
        let message = Message::from_response(&body(r#"{"id": "1", "sent": null, "new": [{}]}"#)).expect("readable");
        assert_eq!(message, Message { id: "1".into(), sent: None });
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let message = Message::from_response(&body("\u{feff}{\"id\": \"1\"}")).expect("readable");
        assert_eq!(message.id, "1");
    }

    #[test]
    fn an_error_says_where() {
        assert_eq!(
            problem::<Vec<Message>>(br#"[{"id": "1"}, {"id": "2", "sent": "soon"}]"#),
            "at `[1].sent`: invalid type: string \"soon\", expected i64 at line 1 column 40"
        );
        assert_eq!(problem::<Message>(b"{}"), "missing field `id` at line 1 column 2");
        assert_eq!(
            problem::<Message>(b" \r\n"),
            "it is empty, where JSON was expected (`()` reads an answer that has no body)"
        );
        assert_eq!(problem::<Message>(br#"{"id": "1"} {}"#), "trailing characters at line 1 column 13");
        assert_eq!(problem::<Message>(br#"{"id": "1", "id": "2"}"#), "duplicate field `id` at line 1 column 16");
    }

    #[test]
    fn invalid_utf8_is_an_error_even_in_a_field_that_is_ignored() {
        assert_eq!(problem::<Message>(b"{\"id\": \"1\", \"new\": \"\xff\"}"), "not UTF-8 from byte 20");
        assert_eq!(problem::<Message>(b"\xff\xfe{\0}\0"), "not UTF-8 from byte 0");
    }

    #[derive(Debug, Deserialize)]
    struct Empty;

    #[test]
    fn unit_accepts_any_body_and_nothing_else_does() {
        for bytes in [&b""[..], b"{}", b"<html>", b"\xff"] {
            <()>::from_response(&body(bytes)).expect("any body");
        }
        assert!(Empty::from_response(&body("")).is_err());
        assert!(Option::<Message>::from_response(&body("")).is_err());
        assert!(serde_json::Value::from_response(&body("")).is_err());
    }

    #[test]
    fn an_option_is_none_for_a_status_that_has_no_body_and_for_no_other() {
        for status in [204, 205, 304] {
            let response = http::Response::builder().status(status).body(Bytes::new()).expect("a response");
            assert_eq!(Option::<Message>::from_response(&response).expect("none"), None, "{status}");
            assert_eq!(Option::<Option<u8>>::from_response(&response).expect("none"), None, "{status}");
            <()>::from_response(&response).expect("any body");
        }
        for status in [200, 201, 202, 206, 409] {
            let response = http::Response::builder().status(status).body(Bytes::new()).expect("a response");
            Option::<Message>::from_response(&response).expect_err("a body is missing");
        }
    }

    #[test]
    fn a_status_without_a_body_says_so_when_a_type_needs_one() {
        fn problem<T: FromResponse + fmt::Debug>(status: u16) -> String {
            let response = http::Response::builder().status(status).body(Bytes::new()).expect("a response");
            T::from_response(&response).expect_err("no body").to_string()
        }
        for problem in [problem::<Message>, problem::<Vec<u8>>, problem::<String>, problem::<Empty>] {
            for status in [204, 205, 304] {
                let expected = format!(
                    "a {status} has no body to read it from; return an `Option`, which is `None` for a {status}, or \
                     declare the status as an outcome that reads no body"
                );
                assert_eq!(problem(status), expected);
            }
        }
    }

    #[test]
    fn ten_thousand_nested_arrays_in_an_unknown_field_are_no_danger() {
        let nested = format!(r#"{{"new": {}{}, "id": "1"}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(Message::from_response(&body(nested)).expect("ignored").id, "1");
        let nested = "[".repeat(10_000);
        serde_json::Value::from_response(&body(nested)).expect_err("the parser's recursion limit");
    }

    #[test]
    fn an_undeclared_status_is_an_error_that_keeps_the_answer() {
        static ENDPOINT: Endpoint = Endpoint::new("get", Method::GET, "/", &[Outcome::new("ok", &[200..=200])], false);
        let mut response = body("made");
        *response.status_mut() = StatusCode::CREATED;

        let error = Answer::new(&ENDPOINT, response).expect_err("201 is not declared");
        assert!(matches!(error, Error::Status { .. }), "{error:?}");
        assert_eq!(error.status(), Some(StatusCode::CREATED));
        assert_eq!(error.body().map(|body| &body[..]), Some(&b"made"[..]));
    }
}
