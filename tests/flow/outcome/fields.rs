//! Every field of a message record with every kind of value: over the wire, by each endpoint that reads a record.

use courier_core::messages::{MessageFilter, MessagePage, Messages as _};
use courier_core::{Courier, Error, Result};
use serde_json::{Value, json};

use super::source;
use crate::flow::record::{ID, value};
use crate::flow::server::{Reply, Server};

const TEXTS: [&str; 4] = ["id", "recipient", "event", "notification"];
const OPTIONAL_TIMES: [&str; 4] = ["sent", "delivered", "opened", "clicked"];
const REQUIRED: [&str; 6] = ["id", "status", "enqueued", "recipient", "event", "notification"];
const OPTIONAL: [&str; 6] = ["sent", "delivered", "opened", "clicked", "error", "reason"];

/// A server that returns the same record from each endpoint, in that endpoint's shape.
async fn server(record: String) -> Server {
    Server::from_fn(move |request| {
        let body = if request.target() == "/messages" {
            format!(r#"{{"paging": {{"more": false}}, "results": [{}, {record}]}}"#, value("SENT"))
        } else {
            record.clone()
        };
        Reply::with_headers(200, &["content-type: application/json; charset=x"], body)
    })
    .await
}

/// What each endpoint reads, and the path of the record in its body.
async fn read(courier: &Courier) -> [(&'static str, Result<Value>); 3] {
    let json = |record| serde_json::to_value(record).expect("JSON");
    let second = |mut page: MessagePage| page.results.pop().expect("two");
    [
        ("", courier.cancel(ID).await.map(|outcome| json(outcome.into_details()))),
        ("", courier.get(ID).await.map(|message| json(message.expect("200").details))),
        ("results[1].", courier.list(None, &MessageFilter::new()).await.map(|page| json(second(page)))),
    ]
}

/// Asserts that this field makes the record unreadable; the error has its path and the content type.
async fn assert_unreadable(record: String, field: &str) {
    for (before, result) in read(&server(record.clone()).await.courier()).await {
        let error = result.expect_err(&record);
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        assert_eq!(source(&error).path(), Some(&*format!("{before}{field}")), "{record}: {error}");
        assert_eq!(error.status().expect("a response"), 200);
        assert!(error.to_string().contains("content-type application/json; charset=x"), "{error}");
    }
}

/// Asserts that the record is read, and written back as `expected`.
async fn assert_read(record: String, expected: &Value) {
    for (_, result) in read(&server(record.clone()).await.courier()).await {
        assert_eq!(&result.unwrap_or_else(|error| panic!("{record}: {error}")), expected);
    }
}

fn with(field: &str, wrong: impl Into<Value>) -> String {
    let mut record = value("SENT");
    record[field] = wrong.into();
    record.to_string()
}

/// A raw value, which no `Value` can hold.
fn with_text(field: &str, text: &str) -> String {
    with(field, "here").replace("\"here\"", text)
}

#[tokio::test]
async fn a_field_of_the_wrong_type_is_reported_with_its_path() {
    let no_text = [json!(1), json!(-1.5), json!(true), json!([]), json!(["a"]), json!({}), json!({"a": "b"})];
    let no_time = [json!("1710276833123"), json!(""), json!(1.5), json!(false), json!([1]), json!({"ms": 1})];
    for field in TEXTS.into_iter().chain(["status", "error", "reason"]) {
        for wrong in &no_text {
            assert_unreadable(with(field, wrong.clone()), field).await;
        }
    }
    for field in OPTIONAL_TIMES.into_iter().chain(["enqueued"]) {
        for wrong in &no_time {
            assert_unreadable(with(field, wrong.clone()), field).await;
        }
    }
}

#[tokio::test]
async fn an_out_of_range_number_is_an_error() {
    for field in ["enqueued", "clicked"] {
        for number in [
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551616",
            "1e999",
            "-1e999",
            "1.0",
            "1e3",
            "1710276833123.5",
            "-0.0",
        ] {
            assert_unreadable(with_text(field, number), field).await;
        }
        for number in [0, -1, i64::MAX, i64::MIN] {
            let mut expected = value("SENT");
            expected[field] = number.into();
            assert_read(with(field, number), &expected).await;
        }
    }
    // An ignored field can contain anything.
    assert_read(with_text("new", "1e999"), &value("SENT")).await;
}

#[tokio::test]
async fn a_number_that_json_does_not_allow_is_an_error() {
    for text in ["NaN", "Infinity", "-Infinity", "0x1", "01", "+1", "1.", ".5", "1_000", "--1"] {
        for (_, result) in read(&server(with_text("enqueued", text)).await.courier()).await {
            let error = result.expect_err(text);
            assert!(matches!(error, Error::Decode { .. }), "{text}: {error:?}");
        }
    }
}

#[tokio::test]
async fn null_is_absent_for_an_optional_field_and_an_error_for_a_required_one() {
    for field in OPTIONAL {
        assert_read(with(field, Value::Null), &value("SENT")).await;
    }
    for field in REQUIRED {
        assert_unreadable(with(field, Value::Null), field).await;
    }
    let mut nulls = value("SENT");
    for field in OPTIONAL {
        nulls[field] = Value::Null;
    }
    assert_read(nulls.to_string(), &value("SENT")).await;
}

/// The path is that of the object without the field.
#[tokio::test]
async fn a_missing_required_field_is_named() {
    for field in REQUIRED {
        let mut record = value("SENT");
        record.as_object_mut().expect("an object").remove(field);
        for (before, result) in read(&server(record.to_string()).await.courier()).await {
            let error = result.expect_err(field);
            assert!(source(&error).to_string().contains(&format!("missing field `{field}`")), "{error}");
            assert_eq!(source(&error).path(), Some(before.trim_end_matches('.')).filter(|path| !path.is_empty()));
        }
    }
}

/// A client should not guess which of the two is meant.
#[tokio::test]
async fn a_duplicate_field_is_an_error_unless_it_is_ignored() {
    for field in REQUIRED.into_iter().chain(OPTIONAL) {
        let twice = with(field, "here").replace("\"here\"", &format!("null, \"{field}\": null"));
        let twice = if REQUIRED.contains(&field) {
            let (once, mut record) = (value("SENT")[field].to_string(), value("SENT").to_string());
            record.insert_str(1, &format!("\"{field}\": {once}, "));
            record
        } else {
            twice
        };
        for (_, result) in read(&server(twice.clone()).await.courier()).await {
            let error = result.expect_err(&twice);
            assert!(source(&error).to_string().contains(&format!("duplicate field `{field}`")), "{error}");
        }
    }
    let unread = with("new", "here").replace("\"here\"", "1, \"new\": 2");
    assert_read(unread, &value("SENT")).await;
}

#[tokio::test]
async fn an_unknown_value_is_kept_and_written_back() {
    for unknown in ["TELEPORTED", "sent", "SENT ", "", "\u{1b}[31m", "\u{202e}", "Zo\u{eb}", "\u{0}"] {
        for field in ["status", "reason"] {
            let mut expected = value("SENT");
            expected[field] = unknown.into();
            assert_read(with(field, unknown), &expected).await;
        }
    }
}

#[tokio::test]
async fn an_unknown_field_is_ignored() {
    for new in [json!(null), json!(1.5), json!([[], {}]), json!({"id": 1, "status": null}), json!("\u{0}")] {
        for name in ["new", "", "Id", "ID", " id", "id\0", "providers.x", "__proto__"] {
            assert_read(with(name, new.clone()), &value("SENT")).await;
        }
    }
}
