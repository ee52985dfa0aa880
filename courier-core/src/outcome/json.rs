//! JSON: reads every type that implements `Deserialize`; `()` accepts any body.

mod place;

use http::StatusCode;
use serde::Deserializer;
use serde::de::{DeserializeOwned, Visitor};

use super::FromResponse;
use super::plain::utf8;
use crate::error::DecodeError;
use crate::text::beginning;
use crate::transport::WholeResponse;

/// JSON is always UTF-8, whatever the `Content-Type` and its `charset` say ([RFC 8259, 8.1][utf8]). A leading byte order
/// mark is skipped, as that section allows.
///
/// [utf8]: https://www.rfc-editor.org/rfc/rfc8259#section-8.1
#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromResponse for T {
    /// Zero-sized types, such as `()`, ignore the body, so they accept any media type.
    const ACCEPT: &'static str = if size_of::<T>() == 0 { "" } else { "application/json" };

    fn from_response(response: &WholeResponse) -> Result<Self, DecodeError> {
        match T::deserialize(Json::of(response)) {
            Ok(value) => Ok(value),
            Err(error) => Err(explain(response, &error, problem::<T>)),
        }
    }
}

/// A body that isn't parsed until the type asks for anything but a unit, so that `()` accepts any body, even an empty one.
struct Json<'b> {
    body: &'b [u8],
    /// Whether responses with this status have no body, so that an `Option` is `None`.
    is_absent: bool,
}

pub(super) fn has_no_body(status: StatusCode) -> bool {
    matches!(status, StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED)
}

type Parser<'b> = serde_json::Deserializer<serde_json::de::StrRead<'b>>;

impl<'b> Json<'b> {
    fn of(response: &'b WholeResponse) -> Self {
        Self { body: response.body(), is_absent: has_no_body(response.status()) }
    }

    /// `match` instead of `?`: each type has its own copy of this function.
    #[expect(clippy::question_mark, reason = "compiles to less code for each type")]
    fn parse<V>(self, read: impl FnOnce(&mut Parser<'b>) -> serde_json::Result<V>) -> serde_json::Result<V> {
        let mut json = match self.parser() {
            Ok(json) => json,
            Err(error) => return Err(error),
        };
        match read(&mut json) {
            Ok(value) => match json.end() {
                Ok(()) => Ok(value),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// The parser alone would accept invalid UTF-8 in a field that it ignores.
    fn parser(self) -> serde_json::Result<Parser<'b>> {
        let text =
            text_of(self.body).map_err(|error| <serde_json::Error as serde::de::Error>::custom(error.message))?;
        Ok(serde_json::Deserializer::from_str(text))
    }
}

fn text_of(body: &[u8]) -> Result<&str, DecodeError> {
    let text = utf8(body)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

macro_rules! parse {
    ($($method:ident($($argument:ident: $ty:ty),*)),* $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, Self::Error> {
            self.parse(|json| json.$method($($argument,)* visitor))
        }
    )*};
}

impl<'de> Deserializer<'de> for Json<'de> {
    type Error = serde_json::Error;

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if self.is_absent { visitor.visit_none() } else { self.parse(|json| json.deserialize_option(visitor)) }
    }

    parse! {
        deserialize_any(), deserialize_bool(), deserialize_i8(), deserialize_i16(), deserialize_i32(),
        deserialize_i64(), deserialize_i128(), deserialize_u8(), deserialize_u16(), deserialize_u32(),
        deserialize_u64(), deserialize_u128(), deserialize_f32(), deserialize_f64(), deserialize_char(),
        deserialize_str(), deserialize_string(), deserialize_bytes(), deserialize_byte_buf(),
        deserialize_seq(), deserialize_map(), deserialize_identifier(), deserialize_ignored_any(),
        deserialize_unit_struct(name: &'static str), deserialize_newtype_struct(name: &'static str),
        deserialize_tuple(length: usize), deserialize_tuple_struct(name: &'static str, length: usize),
        deserialize_struct(name: &'static str, fields: &'static [&'static str]),
        deserialize_enum(name: &'static str, variants: &'static [&'static str]),
    }
}

/// Reads JSON that isn't the whole body.
pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    match T::deserialize(Json { body: text.as_bytes(), is_absent: false }) {
        Ok(value) => Ok(value),
        Err(error) => Err(locate(text, &error, problem::<T>)),
    }
}

/// What is wrong with this text.
#[cold]
fn problem<T: DeserializeOwned>(text: &str) -> Option<serde_json::Error> {
    T::deserialize(Json { body: text.as_bytes(), is_absent: false }).err()
}

#[cold]
fn locate(text: &str, error: &serde_json::Error, problem: place::Problem) -> DecodeError {
    if text.trim_ascii().is_empty() {
        return DecodeError::new("it is empty, but JSON was expected");
    }
    match place::of(error, text, problem) {
        Some(path) => DecodeError::at(path, message(text, error)),
        None => DecodeError::new(message(text, error)),
    }
}

/// Leaves out the line of a text that is only one, because it may be a line of something else.
fn message(text: &str, error: &serde_json::Error) -> String {
    let (message, column) = (error.to_string(), error.column());
    let position = format!(" at line 1 column {column}");
    match message.strip_suffix(&position) {
        Some(message) if !text.contains('\n') => format!("{message} at column {column}"),
        _ => message,
    }
}

/// Finds the JSON path of the error. Successful calls don't pay for it.
#[cold]
fn explain(response: &WholeResponse, error: &serde_json::Error, problem: place::Problem) -> DecodeError {
    let extensions = response.extensions();
    let text = match text_of(response.body()) {
        Ok(text) => text,
        Err(error) => return error,
    };
    if text.trim_ascii().is_empty() && has_no_body(response.status()) {
        let status = response.status().as_u16();
        return DecodeError::new(format!(
            "a {status} has no body; return an `Option`, which is `None` for a {status}, or declare the status as an outcome \
             without a body"
        ));
    }
    if text.trim_ascii().is_empty() {
        return DecodeError::new("it is empty, but JSON was expected (use `()` for a response without a body)");
    }
    let path = place::of(error, text, problem);
    // The error may quote the whole body, escaped. Only its beginning is kept.
    let message = beginning(error, extensions);
    match path {
        Some(path) => DecodeError::at(beginning(path, extensions), message),
        None => DecodeError::new(message),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use serde::Deserialize;

    use super::*;

    fn body(bytes: impl Into<Bytes>) -> WholeResponse {
        WholeResponse::new(bytes.into())
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
    fn null_means_absent_and_unknown_fields_are_ignored() {
        let message = Message::from_response(&body(r#"{"id": "1", "sent": null, "new": [{}]}"#)).expect("readable");
        assert_eq!(message, Message { id: "1".into(), sent: None });
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        let message = Message::from_response(&body("\u{feff}{\"id\": \"1\"}")).expect("readable");
        assert_eq!(message.id, "1");
    }

    #[test]
    fn an_error_has_the_path_and_position() {
        assert_eq!(
            problem::<Vec<Message>>(br#"[{"id": "1"}, {"id": "2", "sent": "soon"}]"#),
            "at `[1].sent`: invalid type: string \"soon\", expected i64 at line 1 column 40"
        );
        assert_eq!(problem::<Message>(b"{}"), "missing field `id` at line 1 column 2");
        assert_eq!(
            problem::<Message>(b" \r\n"),
            "it is empty, but JSON was expected (use `()` for a response without a body)"
        );
        assert_eq!(problem::<Message>(br#"{"id": "1"} {}"#), "trailing characters at line 1 column 13");
        assert_eq!(problem::<Message>(br#"{"id": "1", "id": "2"}"#), "duplicate field `id` at line 1 column 16");
    }

    #[test]
    fn invalid_utf8_is_an_error_even_in_an_ignored_field() {
        assert_eq!(problem::<Message>(b"{\"id\": \"1\", \"new\": \"\xff\"}"), "not UTF-8 from byte 20");
        assert_eq!(problem::<Message>(b"\xff\xfe{\0}\0"), "not UTF-8 from byte 0");
    }

    #[derive(Debug, Deserialize)]
    struct Empty;

    #[derive(Debug, Deserialize)]
    #[serde(transparent)]
    struct Nothing(());

    /// Falls back to a default if the body can't be read.
    #[derive(Debug, Deserialize)]
    #[serde(untagged)]
    enum Lenient {
        Message(#[expect(dead_code, reason = "only read")] Message),
        Nothing(()),
    }

    #[test]
    fn only_unit_accepts_any_body() {
        for bytes in [&b""[..], b"{}", b"<html>", b"\xff"] {
            <()>::from_response(&body(bytes)).expect("any body");
            Nothing::from_response(&body(bytes)).expect("it is read as a unit");
        }
        assert!(Empty::from_response(&body("")).is_err());
        assert!(Option::<Message>::from_response(&body("")).is_err());
        assert!(Option::<()>::from_response(&body("")).is_err());
        assert!(Lenient::from_response(&body("")).is_err());
        assert!(serde_json::Value::from_response(&body("")).is_err());
    }

    /// Each type calls another method of the deserializer.
    #[test]
    fn every_kind_of_type_is_read_from_json() {
        fn read<T: DeserializeOwned>(json: &'static str) {
            T::from_response(&body(json)).unwrap_or_else(|error| panic!("{json}: {error}"));
            T::from_response(&body("\0")).map(drop).expect_err(json);
        }
        #[derive(Deserialize)]
        struct Id(#[expect(dead_code, reason = "only read")] u8);
        #[derive(Deserialize)]
        struct Pair(#[expect(dead_code, reason = "only read")] u8, #[expect(dead_code, reason = "only read")] u8);
        #[derive(Deserialize)]
        enum Kind {
            #[serde(rename = "a")]
            A,
        }
        read::<bool>("true");
        read::<(u8, u16, u32, u64, u128)>("[1, 2, 3, 4, 5]");
        read::<u8>("1");
        read::<u16>("1");
        read::<u32>("1");
        read::<u64>("1");
        read::<u128>("1");
        read::<i8>("-1");
        read::<i16>("-1");
        read::<i32>("-1");
        read::<i64>("-1");
        read::<i128>("-1");
        read::<f32>("1.5");
        read::<f64>("1.5");
        read::<char>("\"a\"");
        read::<String>("\"a\"");
        read::<Option<u8>>("null");
        read::<Id>("1");
        read::<Pair>("[1, 2]");
        read::<Vec<u8>>("[1]");
        read::<std::collections::BTreeMap<String, u8>>("{\"a\": 1}");
        read::<Kind>("\"a\"");
        read::<Empty>("null");
        read::<serde::de::IgnoredAny>("{}");
        read::<serde_json::Value>("{}");
    }

    #[test]
    fn an_option_is_none_only_for_a_status_without_a_body() {
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
    fn a_missing_body_is_explained_by_its_status() {
        fn problem<T: FromResponse + std::fmt::Debug>(status: u16) -> String {
            let response = http::Response::builder().status(status).body(Bytes::new()).expect("a response");
            T::from_response(&response).expect_err("no body").to_string()
        }
        for problem in [problem::<Message>, problem::<Vec<u8>>, problem::<String>, problem::<Empty>] {
            for status in [204, 205, 304] {
                let expected = format!(
                    "a {status} has no body; return an `Option`, which is `None` for a {status}, or declare the status \
                     as an outcome without a body"
                );
                assert_eq!(problem(status), expected);
            }
        }
    }

    #[test]
    fn ten_thousand_nested_arrays_in_an_unknown_field_are_ignored() {
        let nested = format!(r#"{{"new": {}{}, "id": "1"}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(Message::from_response(&body(nested)).expect("ignored").id, "1");
        let nested = "[".repeat(10_000);
        serde_json::Value::from_response(&body(nested)).expect_err("the parser's recursion limit");
    }
}
