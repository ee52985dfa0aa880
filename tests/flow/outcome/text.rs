//! Bytes that are no JSON, or JSON in no UTF-8: nothing is replaced, nothing is guessed, nothing crashes.

use courier_core::messages::{Cancellation, MessageFilter, MessageHistory, Messages as _};
use courier_core::{Error, Result};

use super::source;
use crate::flow::record::{ID, record, value};
use crate::flow::server::{Reply, Server};

/// A cancellation that is answered so.
async fn cancel(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Result<Cancellation> {
    let server = Server::start([Reply::with_headers(status, &[&format!("content-type: {content_type}")], body)]).await;
    server.courier().cancel(ID).await
}

/// What is wrong with it, after status and content type have been looked for.
async fn fault(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> String {
    let body = body.as_ref();
    let error = cancel(status, content_type, body).await.expect_err("unreadable");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("an answer"), status);
    assert_eq!(error.body().expect("an answer"), body, "as it came");
    assert!(error.to_string().contains(&format!("content-type {content_type}")), "{error}");
    assert!(!error.to_string().contains(char::is_control), "{error:?}");
    assert!(error.to_string().len() < 2500, "{error}");
    source(&error).to_string()
}

/// As UTF-16, with a byte order mark or without.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[tokio::test]
async fn json_in_another_encoding_than_utf8_is_an_error_whatever_its_label_says() {
    let marked = "\u{feff}".to_owned() + &record("CANCELED");
    for label in ["application/json", "application/json; charset=utf-16", "text/plain; charset=utf-16le"] {
        assert_eq!(fault(200, label, utf16(&marked, u16::to_le_bytes)).await, "not UTF-8 from byte 0");
        assert_eq!(fault(409, label, utf16(&marked, u16::to_be_bytes)).await, "not UTF-8 from byte 0");
        // Without a mark it is UTF-8, of which every second character is NUL.
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            fault(200, label, utf16(&record("CANCELED"), bytes)).await;
        }
        let utf32: Vec<u8> = marked.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(fault(200, label, utf32).await, "not UTF-8 from byte 0");
    }
    let latin1 = record("CANCELED").replace("ada", "Zo?").replace('?', "\u{eb}");
    let latin1: Vec<u8> = latin1.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let at = latin1.iter().position(|byte| *byte == 0xeb).expect("an ë");
    let told = format!("not UTF-8 from byte {at}");
    assert_eq!(fault(200, "application/json; charset=iso-8859-1", latin1).await, told);
}

#[tokio::test]
async fn utf8_is_read_as_utf8_whatever_its_label_says() {
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
async fn invalid_utf8_is_an_error_wherever_it_stands() {
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

/// Valid UTF-8, and no text: a string can't hold it. Where nobody reads the string, it is ignored with its field.
#[tokio::test]
async fn half_a_surrogate_pair_is_an_error_where_it_is_read() {
    for half in ["\\ud800", "\\udc00", "\\ud800x", "\\ud800\\u0041", "\\ud800\\ud800", "\\u12", "\\x41", "\\u{41}"] {
        let told = fault(200, "application/json", record("CANCELED").replace("ada", half)).await;
        assert!(told.starts_with("at `recipient`"), "{half}: {told}");
    }
    let unread = record("CANCELED").replacen('{', "{\"new\": \"\\ud800\", \"\\udc00\\u0041\": 1, ", 1);
    assert!(cancel(200, "application/json", unread).await.is_err(), "the name of a field is read");
    let unread = record("CANCELED").replacen('{', "{\"new\": \"\\ud800\", ", 1);
    assert_eq!(cancel(200, "application/json", unread).await.expect("ignored").details().id, ID);
}

#[tokio::test]
async fn what_is_no_json_is_an_error_with_what_came() {
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
        for behind in ["x", "{}", ",", "]", "\0", "\u{feff}", "\u{a0}", &whole] {
            let told = fault(status, "application/json", format!("{whole}{behind}")).await;
            assert!(told.contains("trailing characters"), "{behind:?}: {told}");
        }
    }
}

/// The parser's own limit is 128: what nobody reads is passed over without it, and without the stack.
#[tokio::test]
async fn ten_thousand_nested_values_are_ignored_where_nobody_reads_them_and_else_an_error() {
    const DEPTH: usize = 10_000;
    let arrays = "[".repeat(DEPTH) + &"]".repeat(DEPTH);
    let objects = "{\"a\":".repeat(DEPTH) + "1" + &"}".repeat(DEPTH);
    for nested in [&arrays, &objects] {
        let unread = record("CANCELED").replacen('{', &format!("{{\"new\": {nested}, "), 1);
        assert_eq!(cancel(200, "application/json", &unread).await.expect("ignored").details().id, ID);
        // The second reading, which looks for the path, passes it over too.
        let told = fault(200, "application/json", unread.replace("\"ada\"", "1")).await;
        assert!(told.starts_with("at `recipient`"), "{told}");
        let told = fault(200, "application/json", record("CANCELED").replace("\"ada\"", nested)).await;
        assert!(told.starts_with("at `recipient`"), "{told}");
        fault(200, "application/json", nested).await;
        fault(200, "application/json", &nested[..nested.len() / 2]).await;

        // An open object is read, and then as deep as the parser goes.
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

/// In an object that is kept as it came there is no field that could be told twice: the last one counts, as in most readers.
#[tokio::test]
async fn of_a_field_that_comes_twice_in_an_open_object_the_last_one_counts() {
    let server = Server::start([Reply::json(200, r#"{"results": [{"type": "SENT", "type": "CLICKED"}]}"#)]).await;
    let MessageHistory { results, .. } = server.courier().history(ID, None).await.expect("200").expect("a message");
    assert_eq!(results[0].kind(), Some("CLICKED"));
}

#[tokio::test]
async fn a_value_of_a_mebibyte_is_read_whole_and_told_in_part() {
    let long = "\u{eb}".repeat(512 * 1024);
    let outcome = cancel(200, "application/json", record("CANCELED").replace("ada", &long)).await.expect("readable");
    assert_eq!(outcome.details().recipient, long);
    let told =
        fault(200, "application/json", record("CANCELED").replace("1710276833123", &format!("\"{long}\""))).await;
    assert!(told.starts_with("at `enqueued`: invalid type: string \"\u{eb}") && told.len() < 1000, "{told}");

    let many = format!(r#"{{"paging": {{"more": false}}, "results": [{}1]}}"#, (record("SENT") + ",").repeat(5000));
    let server = Server::start([Reply::json(200, many)]).await;
    let error = server.courier().list(None, &MessageFilter::new()).await.expect_err("the last one is no record");
    assert_eq!(source(&error).path(), Some("results[5000]"));
}
