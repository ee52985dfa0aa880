//! Outcome: the body as the type that the declaration gives it.

use courier_core::messages::{Cancellation, MessageDetails, MessageStatus, Messages as _, Reason};
use courier_core::{DecodeError, Error, FromResponse, MemoryTransport, Response, Result, Transport, endpoint};

use super::record::{ID, record, value};
use super::server::{Reply, Server};

mod fields;
mod shapes;
mod text;
mod wrappers;

/// The error of a body that can't be read, after a status that is declared.
async fn decode_error(transport: &MemoryTransport) -> Error {
    let error = transport.cancel(ID).await.expect_err("unreadable");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert!(error.may_have_arrived(), "what the status says has happened");
    error
}

fn source(error: &Error) -> &DecodeError {
    let Error::Decode { source, .. } = error else { panic!("{error:?}") };
    source
}

#[tokio::test]
async fn a_page_with_200_is_an_error_that_keeps_the_status_and_the_page() {
    let reply = Reply::with_headers(200, &["content-type: text/html; charset=utf-8"], "<html>Please log in</html>");
    let server = Server::start([reply]).await;
    let error = server.courier().cancel(ID).await.expect_err("a page");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("the message IS cancelled"), 200);
    assert_eq!(error.body().expect("an answer"), "<html>Please log in</html>");
    for part in ["200", "can't be read", "text/html; charset=utf-8", "<html>Please log in</html>"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[tokio::test]
async fn an_empty_409_is_an_error_with_its_status() {
    for body in ["", " \r\n", "\u{feff}"] {
        let error = decode_error(&MemoryTransport::new().answer(409, body)).await;
        assert_eq!(error.status().expect("an answer"), 409);
        assert!(source(&error).to_string().contains("empty"), "{error}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_skipped_once_and_at_the_start_alone() {
    let transport = MemoryTransport::new()
        .answer(200, "\u{feff}".to_owned() + &record("CANCELED"))
        .answer(200, "\u{feff}\u{feff}".to_owned() + &record("CANCELED"))
        .answer(200, record("CANCELED") + "\u{feff}");
    let _cancelled = transport.cancel(ID).await.expect("a mark is no part of the value");
    decode_error(&transport).await;
    decode_error(&transport).await;
}

#[tokio::test]
async fn invalid_utf8_is_an_error_and_never_replaced() {
    let (before, after) = (br#"{"new": ""#, br#"", "id": "1"}"#);
    for bytes in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"] {
        let transport = MemoryTransport::new().answer(200, [&before[..], bytes, &after[..]].concat());
        let error = decode_error(&transport).await;
        assert!(source(&error).to_string().contains("not UTF-8 from byte 9"), "{error}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_told_with_its_json_path() {
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

/// What a decoder names of a body (a place in it, a value that it doesn't know) is the server's text.
#[tokio::test]
async fn the_text_of_a_body_that_cannot_be_read_has_nothing_for_a_terminal_to_obey() {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "none of the answers can be read as one")]
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
        let error = MemoryTransport::new().answer(200, body).colour().await.expect_err("no colour");
        for text in [error.to_string(), format!("{error:?}"), source(&error).to_string()] {
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{body}: {text:?}");
        }
    }

    let long = format!(r#"{{"a": "{}"}}"#, "x".repeat(100_000));
    let error = MemoryTransport::new().answer(200, long).colour().await.expect_err("no colour");
    assert!(error.to_string().len() < 2000, "a long value is cut");
}

#[tokio::test]
async fn the_content_type_has_no_say_in_how_a_body_is_read() {
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
async fn unknown_values_and_fields_are_kept_and_ignored() {
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
    assert_eq!(serde_json::to_value(&message).expect("JSON")["status"], "TELEPORTED", "it is written back as it came");
}

#[tokio::test]
async fn status_and_headers_stand_beside_the_outcome() {
    let reply = Reply::with_headers(409, &["x-request-id: 7f3c", "x-ratelimit: 9"], record("SENT"));
    let server = Server::start([reply, Reply::json(404, "")]).await;
    let courier = server.courier();
    let answered = courier.cancel(ID).with_response().await.expect("declared");
    assert_eq!(answered.status, 409);
    assert_eq!(answered.headers["x-request-id"], "7f3c");
    assert_eq!(answered.headers["x-ratelimit"], "9");
    assert_eq!(answered.outcome.details().status, MessageStatus::Sent);

    let error = courier.cancel(ID).header("x-id", "1").with_response().await.expect_err("404 is not declared");
    assert_eq!(error.status().expect("an answer"), 404, "an error is the same as without");
}

#[tokio::test]
async fn a_type_of_the_users_reads_the_whole_answer() {
    #[derive(Debug, PartialEq)]
    struct Csv(Vec<Vec<String>>);
    impl FromResponse for Csv {
        const ACCEPT: &'static str = "text/csv";
        fn from_response(response: &Response) -> Result<Self, DecodeError> {
            let text = std::str::from_utf8(response.body()).map_err(DecodeError::new)?;
            let Some(separator) = response.headers().get("x-separator").and_then(|value| value.to_str().ok()) else {
                return Err(DecodeError::at("line 1", "no separator is named"));
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
