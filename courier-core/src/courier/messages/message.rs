use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{MessageDetails, MessageStatus, Reason, Timestamp};

/// A message record and what each provider did with the message: what `GET /messages/<message_id>` answers.
///
/// The fields of the record can be read without naming it, as the API's reference has them side by side:
/// `message.status` is `message.details.status`, and a `&Message` serves where a `&MessageDetails` is asked for.
///
/// Source: [Get message](https://www.courier.com/docs/api-reference/sent-messages/get-message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Body")]
#[non_exhaustive]
pub struct Message {
    /// The message record.
    #[serde(flatten)]
    pub details: MessageDetails,
    /// One object for each provider that the message was given to. The reference names no fields; commonly there is a
    /// `provider` (`sendgrid`) and a `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub providers: Option<Vec<Map<String, Value>>>,
}

impl Message {
    /// A message of which no provider is known.
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

/// The body as it is written, with both parts side by side.
///
/// `flatten` would do without it, at a price: it reads the whole object into a buffer first, so that an error has
/// neither the path nor the place of the value that is wrong, and an unknown field that is nested deeply is an error
/// where it should be ignored.
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
        // No `..`: a field that the record gets must be read here too.
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
    use crate::{FromResponse as _, Response};

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
        let response = Response::new(body.to_owned().into());
        Message::from_response(&response).expect_err("unreadable").to_string()
    }

    #[test]
    fn every_field_of_the_record_and_the_providers_are_read_and_written_back() {
        let message: Message = serde_json::from_value(body()).expect("a message");
        let details: MessageDetails = serde_json::from_value(body()).expect("its record");
        assert_eq!(message.details, details);
        assert_eq!(message.status.as_str(), "TELEPORTED", "a field of the record, without naming it");
        assert_eq!(serde_json::to_value(&message).expect("JSON"), body());
        assert_eq!(MessageDetails::from(message), details);
    }

    #[test]
    fn all_but_the_required_fields_may_be_null_or_absent() {
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
    fn an_error_has_the_path_and_the_place_of_the_value_that_is_wrong() {
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
    fn an_unknown_field_is_ignored_however_deep_it_is_nested() {
        let mut text = body().to_string();
        text.insert_str(1, &format!("\"new\":{}{},", "[".repeat(10_000), "]".repeat(10_000)));
        let message = Message::from_response(&Response::new(text.into())).expect("ignored");
        assert_eq!(message.recipient, "ada");
    }
}
