//! Outcome: the body, read as the declared type.

use courier_core::messages::{Cancellation, MessageDetails, MessageStatus, Messages as _, Reason};
use courier_core::{DecodeError, Error, FromResponse, MemoryTransport, Result, Transport, WholeResponse, endpoint};

use super::record::{ID, record, value};
use super::server::{Reply, Server};

mod download;
mod events;
mod fields;
mod lines;
mod shapes;
mod text;
mod wrappers;

/// The error of an unreadable body with a declared status.
async fn decode_error(transport: &MemoryTransport) -> Error {
    let error = transport.cancel(ID).await.expect_err("unreadable");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert!(error.may_have_arrived(), "a declared status means that the request arrived");
    error
}

fn source(error: &Error) -> &DecodeError {
    let Error::Decode { source, .. } = error else { panic!("{error:?}") };
    source
}

#[tokio::test]
async fn an_html_page_with_200_is_an_error_with_its_status_and_body() {
    let reply = Reply::with_headers(200, &["content-type: text/html; charset=utf-8"], "<html>Please log in</html>");
    let server = Server::start([reply]).await;
    let error = server.courier().cancel(ID).await.expect_err("a page");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("the message is cancelled"), 200);
    assert_eq!(error.body().expect("a response"), "<html>Please log in</html>");
    for part in ["200", "can't be read", "text/html; charset=utf-8", "<html>Please log in</html>"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn an_empty_409_is_an_error_with_its_status() {
    for body in ["", " \r\n", "\u{feff}"] {
        let error = decode_error(&MemoryTransport::new().answer(409, body)).await;
        assert_eq!(error.status().expect("a response"), 409);
        assert!(source(&error).to_string().contains("empty"), "{error}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_once_and_only_at_the_start() {
    let transport = MemoryTransport::new()
        .answer(200, "\u{feff}".to_owned() + &record("CANCELED"))
        .answer(200, "\u{feff}\u{feff}".to_owned() + &record("CANCELED"))
        .answer(200, record("CANCELED") + "\u{feff}");
    let _cancelled = transport.cancel(ID).await.expect("a byte order mark is not part of the value");
    decode_error(&transport).await;
    decode_error(&transport).await;
}

#[tokio::test]
async fn a_body_of_the_wrong_shape_is_reported_with_its_json_path() {
    trait Lists: Transport {
        #[endpoint(GET, "/", ok = 200)]
        async fn list(&self) -> Result<Vec<MessageDetails>>;
    }
    impl Lists for MemoryTransport {}

    let mut broken = value("CANCELED");
    broken["enqueued"] = "soon".into();
    let error = decode_error(&MemoryTransport::new().answer(200, broken.to_string())).await;
    assert_eq!(source(&error).path(), Some("enqueued"));
    assert!(error.to_string().contains("at `enqueued`: invalid type: string \"soon\""), "{error}");
    assert!(error.to_string().contains("no content-type"), "{error}");

    let mut short = value("CANCELED");
    short.as_object_mut().expect("an object").remove("recipient");
    let error = decode_error(&MemoryTransport::new().answer(200, short.to_string())).await;
    assert!(source(&error).to_string().contains("missing field `recipient`"), "{error}");

    let list = serde_json::json!([value("SENT"), broken]).to_string();
    let error = Lists::list(&MemoryTransport::new().answer(200, list)).await.expect_err("unreadable");
    assert_eq!(source(&error).path(), Some("[1].enqueued"));
}

/// A path or a value that a decoder reports is the server's text.
#[tokio::test]
async fn a_decode_error_contains_no_terminal_escapes() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "no response here can be read as one")]
    enum Colour {
        Red,
        Mixed { red: u8 },
    }
    trait Colours: Transport {
        #[endpoint(GET, "/", ok = 200)]
        async fn colour(&self) -> Result<std::collections::HashMap<String, Colour>>;
    }
    impl Colours for MemoryTransport {}

    for body in [
        r#"{"a": "\u001b[31m\r\nred"}"#,
        r#"{"\u001b[31m\r\n": 1}"#,
        r#"{"a": {"Mixed": {"\u001b[31m\r\n": 1}}}"#,
        r#"{"a": "\u009b31m\u202e"}"#,
    ] {
        let error = MemoryTransport::new().answer(200, body).colour().await.expect_err("not a colour");
        for text in [error.to_string(), format!("{error:?}"), source(&error).to_string()] {
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{body}: {text:?}");
        }
    }

    let long = format!(r#"{{"a": "{}"}}"#, "x".repeat(100_000));
    let error = MemoryTransport::new().answer(200, long).colour().await.expect_err("not a colour");
    assert!(error.to_string().len() < 2000, "a long value is shortened");
}

#[tokio::test]
async fn the_content_type_does_not_change_how_a_body_is_read() {
    let mut record = value("CANCELED");
    record["recipient"] = "Zoë".into();
    for header in
        ["content-type: text/html", "content-type: application/json; charset=latin1", "content-type:", "x-no: type"]
    {
        let server = Server::start([Reply::with_headers(200, &[header], record.to_string())]).await;
        let outcome = server.courier().cancel(ID).await.unwrap_or_else(|error| panic!("{header}: {error}"));
        assert_eq!(outcome.details().recipient, "Zoë", "{header}: JSON is UTF-8");
    }
}

#[tokio::test]
async fn unknown_values_are_kept_and_unknown_fields_ignored() {
    let mut record = value("TELEPORTED");
    record["reason"] = "COSMIC_RAYS".into();
    record["sent"] = serde_json::Value::Null;
    record["channel"] = serde_json::json!({"name": "pigeon", "hops": [1, 2, 3]});
    let transport = MemoryTransport::new().answer(409, record.to_string());
    let Cancellation::Conflict(message) = transport.cancel(ID).await.expect("readable") else { panic!("409") };

    assert!(matches!(message.status, MessageStatus::Unknown(_)));
    assert_eq!(message.status.as_str(), "TELEPORTED");
    assert_eq!(message.reason.as_ref().map(Reason::as_str), Some("COSMIC_RAYS"));
    assert_eq!(message.sent, None);
    assert_eq!(serde_json::to_value(&message).expect("JSON")["status"], "TELEPORTED", "it is written back unchanged");
}

#[tokio::test]
async fn with_response_returns_the_status_and_headers() {
    let reply = Reply::with_headers(409, &["x-request-id: 7f3c", "x-ratelimit: 9"], record("SENT"));
    let server = Server::start([reply, Reply::json(404, "")]).await;
    let courier = server.courier();
    let response = courier.cancel(ID).with_response().await.expect("declared");
    assert_eq!(response.status, 409);
    assert_eq!(response.headers["x-request-id"], "7f3c");
    assert_eq!(response.headers["x-ratelimit"], "9");
    assert_eq!(response.outcome.details().status, MessageStatus::Sent);

    let error = courier.cancel(ID).header("x-id", "1").with_response().await.expect_err("404 is not declared");
    assert_eq!(error.status().expect("a response"), 404, "the error is the same as without it");
}

#[tokio::test]
async fn a_custom_type_can_read_the_whole_response() {
    #[derive(Debug, PartialEq)]
    struct Csv(Vec<Vec<String>>);
    impl FromResponse for Csv {
        const ACCEPT: &'static str = "text/csv";
        fn from_response(response: &WholeResponse) -> Result<Self, DecodeError> {
            let text = std::str::from_utf8(response.body()).map_err(DecodeError::new)?;
            let Some(separator) = response.headers().get("x-separator").and_then(|value| value.to_str().ok()) else {
                return Err(DecodeError::at("line 1", "the separator is missing"));
            };
            Ok(Self(text.lines().map(|line| line.split(separator).map(str::to_owned).collect()).collect()))
        }
    }
    trait Exports: Transport {
        #[endpoint(GET, "/export", ok = 200)]
        async fn export(&self) -> Result<Csv>;
    }
    impl<T: Transport> Exports for T {}

    let replies = [Reply::with_headers(200, &["x-separator: ;"], "a;b\nc;d"), Reply::json(200, "a;b")];
    let server = Server::start(replies).await;
    let csv = server.transport().export().await.expect("readable");
    assert_eq!(csv.0, [["a", "b"], ["c", "d"]]);
    let error = server.transport().export().await.expect_err("no separator");
    assert_eq!(source(&error).path(), Some("line 1"));
}
