use serde::{Deserialize, Serialize};

use super::{MessageStatus, Reason, Timestamp};

/// A message record: what Courier knows about a sent message.
///
/// Six fields are always present. The others are `None` until they have a value. Unknown fields are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageDetails {
    /// The identifier of the message, as returned by the send.
    pub id: String,
    /// The current status of the message.
    pub status: MessageStatus,
    /// When Courier received the message request.
    pub enqueued: Timestamp,
    /// When Courier passed the message to the integration provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Timestamp>,
    /// When the integration provider delivered the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered: Option<Timestamp>,
    /// When the recipient opened a message for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Timestamp>,
    /// When the recipient clicked on a tracked link for the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clicked: Option<Timestamp>,
    /// The identifier of the recipient.
    pub recipient: String,
    /// The identifier of the event that the message was sent for.
    pub event: String,
    /// The identifier of the notification (the template) of the message.
    pub notification: String,
    /// A message that describes the error that occurred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The reason for the current status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl MessageDetails {
    /// Creates a record with the required fields. The others are `None`, and public.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        status: MessageStatus,
        enqueued: Timestamp,
        recipient: impl Into<String>,
        event: impl Into<String>,
        notification: impl Into<String>,
    ) -> Self {
        Self {
            id: id.into(),
            status,
            enqueued,
            sent: None,
            delivered: None,
            opened: None,
            clicked: None,
            recipient: recipient.into(),
            event: event.into(),
            notification: notification.into(),
            error: None,
            reason: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_documented_field_is_read_and_written_back() {
        let record = json!({
            "id": "1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f",
            "status": "CLICKED",
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
        });
        let message: MessageDetails = serde_json::from_value(record.clone()).expect("a message record");
        assert_eq!(message.reason, Some(Reason::Bounced));
        assert_eq!(message.clicked.map(Timestamp::as_millis), Some(1_710_276_837_000));
        assert_eq!(serde_json::to_value(message).expect("JSON"), record);
    }

    #[test]
    fn optional_fields_may_be_null_or_absent_and_required_ones_may_not() {
        let required = json!({
            "id": "1", "status": "ENQUEUED", "enqueued": 0, "recipient": "", "event": "", "notification": "",
        });
        let expected = MessageDetails::new("1", MessageStatus::Enqueued, Timestamp::from_millis(0), "", "", "");
        let read = |record| serde_json::from_value::<MessageDetails>(record);
        assert_eq!(read(required.clone()).expect("absent"), expected);

        let mut nulls = required.clone();
        for field in ["sent", "delivered", "opened", "clicked", "error", "reason"] {
            nulls[field] = json!(null);
        }
        assert_eq!(read(nulls).expect("null"), expected);

        for field in ["id", "status", "enqueued", "recipient", "event", "notification"] {
            let mut record = required.clone();
            record[field] = json!(null);
            read(record.clone()).expect_err(field);
            record.as_object_mut().expect("an object").remove(field);
            read(record).expect_err(field);
        }
    }
}
