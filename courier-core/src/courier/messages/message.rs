use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{MessageDetails, MessageStatus, Reason, Timestamp};

/// A message record, with data from each provider: the response of `GET /messages/<message_id>`.
///
/// It dereferences to the record, as the API's documentation has all fields in one object: `message.status` is
/// `message.details.status`, and a `&Message` can be passed as a `&MessageDetails`.
///
/// Source: [Get message](https://www.courier.com/docs/api-reference/sent-messages/get-message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Body")]
#[non_exhaustive]
pub struct Message {
    /// The message record.
    #[serde(flatten)]
    pub details: MessageDetails,
    /// One object per provider that handled the message. Courier doesn't document the fields; usually there is a
    /// `provider` (`sendgrid`) and a `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub providers: Option<Vec<Map<String, Value>>>,
}

impl Message {
    /// Creates a message without known providers.
    #[must_use]
    pub fn new(details: MessageDetails) -> Self {
        Self { details, providers: None }
    }
}

impl Deref for Message {
    type Target = MessageDetails;

    fn deref(&self) -> &MessageDetails {
        &self.details
    }
}

impl From<Message> for MessageDetails {
    fn from(message: Message) -> Self {
        message.details
    }
}

/// The body as it is sent, with both parts in one object.
///
/// `flatten` would do the same, but it first reads the whole object into a buffer. Errors would then lack the path and
/// position of the wrong value, and a deeply nested unknown field would be an error instead of being ignored.
#[derive(Deserialize)]
struct Body {
    id: String,
    status: MessageStatus,
    enqueued: Timestamp,
    sent: Option<Timestamp>,
    delivered: Option<Timestamp>,
    opened: Option<Timestamp>,
    clicked: Option<Timestamp>,
    recipient: String,
    event: String,
    notification: String,
    error: Option<String>,
    reason: Option<Reason>,
    providers: Option<Vec<Map<String, Value>>>,
}

impl From<Body> for Message {
    fn from(body: Body) -> Self {
        // No `..`: a field added to the record must be read here too.
        let details = MessageDetails {
            id: body.id,
            status: body.status,
            enqueued: body.enqueued,
            sent: body.sent,
            delivered: body.delivered,
            opened: body.opened,
            clicked: body.clicked,
            recipient: body.recipient,
            event: body.event,
            notification: body.notification,
            error: body.error,
            reason: body.reason,
        };
        Self { details, providers: body.providers }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{FromResponse as _, WholeResponse};

    fn body() -> Value {
        json!({
            "id": "1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f",
            "status": "TELEPORTED",
            "enqueued": 1_710_276_833_123_i64,
            "sent": 1_710_276_834_000_i64,
            "delivered": 1_710_276_835_000_i64,
            "opened": 1_710_276_836_000_i64,
            "clicked": 1_710_276_837_000_i64,
            "recipient": "ada",
            "event": "welcome",
            "notification": "Q2V3E8RN9V4YN1KJ1W9SJ1N8H3YC",
            "error": "mailbox full",
            "reason": "BOUNCED",
            "providers": [{ "provider": "sendgrid", "status": "SENT", "reference": { "number": u64::MAX } }],
        })
    }

    fn error(body: &str) -> String {
        let response = WholeResponse::new(body.to_owned().into());
        Message::from_response(&response).expect_err("unreadable").to_string()
    }

    #[test]
    fn every_field_of_the_record_and_the_providers_are_read_and_written_back() {
        let message: Message = serde_json::from_value(body()).expect("a message");
        let details: MessageDetails = serde_json::from_value(body()).expect("its record");
        assert_eq!(message.details, details);
        assert_eq!(message.status.as_str(), "TELEPORTED", "a field of the record, through `Deref`");
        assert_eq!(serde_json::to_value(&message).expect("JSON"), body());
        assert_eq!(MessageDetails::from(message), details);
    }

    #[test]
    fn only_required_fields_must_be_present_and_not_null() {
        let mut record = json!({
            "id": "1", "status": "ENQUEUED", "enqueued": 0, "recipient": "", "event": "", "notification": "",
        });
        let enqueued = Timestamp::from_millis(0);
        let expected = Message::new(MessageDetails::new("1", MessageStatus::Enqueued, enqueued, "", "", ""));
        assert_eq!(serde_json::from_value::<Message>(record.clone()).expect("absent"), expected);
        assert_eq!(serde_json::to_value(&expected).expect("JSON"), record);

        for field in ["sent", "delivered", "opened", "clicked", "error", "reason", "providers"] {
            record[field] = json!(null);
        }
        assert_eq!(serde_json::from_value::<Message>(record.clone()).expect("null"), expected);

        record.as_object_mut().expect("an object").remove("recipient");
        serde_json::from_value::<Message>(record).expect_err("a required field");
    }

    #[test]
    fn an_error_has_the_path_and_position_of_the_wrong_value() {
        assert_eq!(
            error(r#"{"id": "1", "enqueued": "soon"}"#),
            "at `enqueued`: invalid type: string \"soon\", expected i64 at line 1 column 30"
        );
        assert_eq!(
            error(r#"{"id": "1", "providers": [{}, "sendgrid"]}"#),
            "at `providers[1]`: invalid type: string \"sendgrid\", expected a map at line 1 column 40"
        );
    }

    #[test]
    fn an_unknown_field_is_ignored_even_if_deeply_nested() {
        let mut text = body().to_string();
        text.insert_str(1, &format!("\"new\":{}{},", "[".repeat(10_000), "]".repeat(10_000)));
        let message = Message::from_response(&WholeResponse::new(text.into())).expect("ignored");
        assert_eq!(message.recipient, "ada");
    }
}
