//! Bytes that are not JSON, or JSON that is not UTF-8: nothing is replaced or guessed, and nothing panics.

use courier_core::messages::{Cancellation, MessageFilter, MessageHistory, Messages as _};
use courier_core::{Error, Result};

use super::source;
use crate::flow::record::{ID, record, value};
use crate::flow::server::{Reply, Server};

/// The error of a cancellation with this response.
async fn cancel(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Result<Cancellation> {
    let server = Server::start([Reply::with_headers(status, &[&format!("content-type: {content_type}")], body)]).await;
    server.courier().cancel(ID).await
}

/// The reason in the error, whose status and content type are checked.
async fn fault(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> String {
    let body = body.as_ref();
    let error = cancel(status, content_type, body).await.expect_err("unreadable");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("a response"), status);
    assert_eq!(error.body().expect("a response"), body, "unchanged");
    assert!(error.to_string().contains(&format!("content-type {content_type}")), "{error}");
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
    assert!(error.to_string().len() < 2500, "{error}");
    source(&error).to_string()
}

/// UTF-16, with and without a byte order mark.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[tokio::test]
async fn json_in_another_encoding_is_an_error_regardless_of_its_charset_label() {
    let marked = "\u{feff}".to_owned() + &record("CANCELED");
    for label in ["application/json", "application/json; charset=utf-16", "text/plain; charset=utf-16le"] {
        assert_eq!(fault(200, label, utf16(&marked, u16::to_le_bytes)).await, "not UTF-8 from byte 0");
        assert_eq!(fault(409, label, utf16(&marked, u16::to_be_bytes)).await, "not UTF-8 from byte 0");
        // Without a mark it is valid UTF-8 in which every second character is NUL.
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            fault(200, label, utf16(&record("CANCELED"), bytes)).await;
        }
        let utf32: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(fault(200, label, utf32).await, "not UTF-8 from byte 0");
    }
    let latin1 = record("CANCELED").replace("ada", "Zo?").replace('?', "\u{eb}");
    let latin1: Vec<u8> = latin1.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let at = latin1.iter().position(|byte| *byte == 0xeb).expect("an ë");
    let message = format!("not UTF-8 from byte {at}");
    assert_eq!(fault(200, "application/json; charset=iso-8859-1", latin1).await, message);
}

#[tokio::test]
async fn json_is_read_as_utf8_regardless_of_its_charset_label() {
    let mut record = value("CANCELED");
    record["recipient"] = "Zo\u{eb} \u{1f600} \u{feff} \u{0}".into();
    for label in
        ["application/json; charset=utf-16", "application/json; charset=latin1", "text/html", "image/png", "?", ""]
    {
        for text in [record.to_string(), format!("\u{feff}{record}"), format!(" \r\n\t{record}\r\n ")] {
            let outcome = cancel(200, label, text).await.unwrap_or_else(|error| panic!("{label}: {error}"));
            assert_eq!(outcome.details().recipient, record["recipient"].as_str().expect("text"), "{label}");
        }
    }
}

#[tokio::test]
async fn invalid_utf8_is_an_error_in_every_position() {
    let whole = record("CANCELED");
    for bytes in [
        &b"\xff"[..],
        b"\xc3",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\x80",
    ] {
        let places = [0, 1, whole.find("ada").expect("a value"), whole.find("event").expect("a name"), whole.len()];
        for at in places {
            let body = [&whole.as_bytes()[..at], bytes, &whole.as_bytes()[at..]].concat();
            assert_eq!(fault(200, "application/json", body).await, format!("not UTF-8 from byte {at}"));
        }
        let unread = [b"{\"new\": [\"", bytes, b"\"], ", &whole.as_bytes()[1..]].concat();
        assert_eq!(fault(200, "application/json", unread).await, "not UTF-8 from byte 10");
    }
}

/// Valid UTF-8, but not a string. In a string that nothing reads, it is ignored.
#[tokio::test]
async fn a_lone_surrogate_is_an_error_in_a_field_that_is_read() {
    for half in ["\\ud800", "\\udc00", "\\ud800x", "\\ud800\\u0041", "\\ud800\\ud800", "\\u12", "\\x41", "\\u{41}"] {
        let message = fault(200, "application/json", record("CANCELED").replace("ada", half)).await;
        assert!(message.starts_with("at `recipient`"), "{half}: {message}");
    }
    let unread = record("CANCELED").replacen('{', "{\"new\": \"\\ud800\", \"\\udc00\\u0041\": 1, ", 1);
    assert!(cancel(200, "application/json", unread).await.is_err(), "the name of a field is read");
    let unread = record("CANCELED").replacen('{', "{\"new\": \"\\ud800\", ", 1);
    assert_eq!(cancel(200, "application/json", unread).await.expect("ignored").details().id, ID);
}

#[tokio::test]
async fn invalid_json_is_an_error_that_shows_the_body() {
    let whole = record("CANCELED");
    for status in [200, 409] {
        for body in [
            "<html><body>Please log in</body></html>",
            "OK",
            "Not Found",
            "undefined",
            "{'id': '1'}",
            "{id: 1}",
            "{\"id\": \"1\",}",
            "// a comment\n{}",
            "%PDF-1.4",
            "\0",
            "\"",
            "{",
            "}",
            "[",
            "\u{feff}\u{feff}{}",
            ")]}',\n{}",
        ] {
            fault(status, "text/html; charset=utf-8", body).await;
        }
        for body in ["null", "true", "1", "\"CANCELED\"", "[]", "[{}]", "{}"] {
            fault(status, "application/json", body).await;
        }
        for body in ["", " ", "\r\n", "\u{feff}", "\u{feff}\r\n"] {
            assert_eq!(
                fault(status, "application/json", body).await,
                "it is empty, but JSON was expected (use `()` for a response without a body)"
            );
        }
        for after in ["x", "{}", ",", "]", "\0", "\u{feff}", "\u{a0}", &whole] {
            let message = fault(status, "application/json", format!("{whole}{after}")).await;
            assert!(message.contains("trailing characters"), "{after:?}: {message}");
        }
    }
}

/// The parser's limit is 128 levels. It skips ignored values without that limit and without recursion.
#[tokio::test]
async fn ten_thousand_nested_values_are_an_error_unless_they_are_ignored() {
    const DEPTH: usize = 10_000;
    let arrays = "[".repeat(DEPTH) + &"]".repeat(DEPTH);
    let objects = "{\"a\":".repeat(DEPTH) + "1" + &"}".repeat(DEPTH);
    for nested in [&arrays, &objects] {
        let unread = record("CANCELED").replacen('{', &format!("{{\"new\": {nested}, "), 1);
        assert_eq!(cancel(200, "application/json", &unread).await.expect("ignored").details().id, ID);
        // The second pass, which looks for the path, skips it too.
        let message = fault(200, "application/json", unread.replace("\"ada\"", "1")).await;
        assert!(message.starts_with("at `recipient`"), "{message}");
        let message = fault(200, "application/json", record("CANCELED").replace("\"ada\"", nested)).await;
        assert!(message.starts_with("at `recipient`"), "{message}");
        fault(200, "application/json", nested).await;
        fault(200, "application/json", &nested[..nested.len() / 2]).await;

        // A map is read, as deep as the parser goes.
        let (page, event) = (format!("{{\"results\": [{{\"ts\": {nested}}}]}}"), format!("{{\"results\": {nested}}}"));
        let server = Server::start([page, event].map(|body| Reply::json(200, body))).await;
        for _ in 0..2 {
            let error = server.courier().history(ID, None).await.expect_err("too deep");
            assert!(matches!(error, Error::Decode { .. }), "{error:?}");
            assert!(source(&error).path().is_some_and(|path| path.starts_with("results")), "{error}");
            assert!(error.to_string().len() < 2500, "{error}");
        }
    }
}

/// A map has no declared fields that could be duplicated: the last value wins, as in most readers.
#[tokio::test]
async fn the_last_duplicate_field_of_a_map_wins() {
    let server = Server::start([Reply::json(200, r#"{"results": [{"type": "SENT", "type": "CLICKED"}]}"#)]).await;
    let MessageHistory { results, .. } = server.courier().history(ID, None).await.expect("200").expect("a message");
    assert_eq!(results[0].kind(), Some("CLICKED"));
}

#[tokio::test]
async fn a_one_mebibyte_value_is_read_whole_and_shortened_in_errors() {
    let long = "\u{eb}".repeat(512 * 1024);
    let outcome = cancel(200, "application/json", record("CANCELED").replace("ada", &long)).await.expect("readable");
    assert_eq!(outcome.details().recipient, long);
    let message =
        fault(200, "application/json", record("CANCELED").replace("1710276833123", &format!("\"{long}\""))).await;
    assert!(message.starts_with("at `enqueued`: invalid type: string \"\u{eb}") && message.len() < 1000, "{message}");

    let many = format!(r#"{{"paging": {{"more": false}}, "results": [{}1]}}"#, (record("SENT") + ",").repeat(5000));
    let server = Server::start([Reply::json(200, many)]).await;
    let error = server.courier().list(None, &MessageFilter::new()).await.expect_err("the last one is not a record");
    assert_eq!(source(&error).path(), Some("results[5000]"));
}
