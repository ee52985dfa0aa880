//! Courier's responses: a message record, and the body of a problem.

use serde_json::{Value, json};

/// The id of the message that the tests cancel.
pub(crate) const ID: &str = "1-65f0c0e1";

/// A record of that message with only the required fields.
pub(crate) fn record(status: &str) -> String {
    value(status).to_string()
}

/// The same as a value, to be modified.
pub(crate) fn value(status: &str) -> Value {
    json!({
        "id": ID, "status": status, "enqueued": 1_710_276_833_123_i64,
        "recipient": "ada", "event": "welcome", "notification": "n1",
    })
}

pub(crate) const PROBLEM: &str = r#"{"message": "Message not found", "type": "invalid_request_error"}"#;
