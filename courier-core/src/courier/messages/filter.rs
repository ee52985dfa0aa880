use serde::{Deserialize, Serialize};

use super::{MessageStatus, Timestamp};

/// A filter for `GET /messages`: its query parameters, except for the cursor.
///
/// A message must match every condition. A condition with several values matches if one of them does. Without
/// conditions, the list has every message that isn't archived.
///
/// ```
/// use courier_core::messages::{MessageFilter, MessageStatus};
///
/// let stuck = MessageFilter::new()
///     .recipient("ada")
///     .status(MessageStatus::Undeliverable)
///     .status(MessageStatus::Unroutable);
/// assert_eq!(stuck.status.len(), 2);
/// ```
///
/// It serializes as query parameters (`recipient=ada&status=UNDELIVERABLE&status=UNROUTABLE`): a list repeats its key,
/// and conditions that aren't set are left out.
///
/// Source: [List messages](https://www.courier.com/docs/api-reference/sent-messages/list-messages).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MessageFilter {
    /// Whether the list includes archived messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// The earliest time at which a message may have been enqueued; in the query, milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enqueued_after: Option<Timestamp>,
    /// The identifier of the event that the message was sent for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The identifier of the list that the message was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The identifier of the message, as returned by the send; `messageId` in the query.
    #[serde(rename = "messageId", skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The identifier of the notification (the template) of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notification: Option<String>,
    /// The keys of integration providers: `sendgrid`, `twilio`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provider: Vec<String>,
    /// The identifier of the recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// The current statuses that match.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<MessageStatus>,
    /// Tags of the message, from its `metadata.tags`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    /// Tags like [`tag`](Self::tag), in one comma-separated text: `tag-1,tag-2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    /// The identifier of the tenant in whose context the message was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The trace identifier of the request, as returned by the send; `traceId` in the query.
    #[serde(rename = "traceId", skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

impl MessageFilter {
    /// Creates a filter without conditions: every message that isn't archived.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether the list includes archived messages. By default, it doesn't.
    #[must_use]
    pub fn archived(mut self, included: bool) -> Self {
        self.archived = Some(included);
        self
    }

    /// Excludes messages that were enqueued before this time.
    #[must_use]
    pub fn enqueued_after(mut self, moment: Timestamp) -> Self {
        self.enqueued_after = Some(moment);
        self
    }

    /// Includes only messages that were sent for this event.
    #[must_use]
    pub fn event(mut self, id: impl Into<String>) -> Self {
        self.event = Some(id.into());
        self
    }

    /// Includes only messages that were sent to this list.
    #[must_use]
    pub fn list(mut self, id: impl Into<String>) -> Self {
        self.list = Some(id.into());
        self
    }

    /// Includes only the message with this identifier.
    #[must_use]
    pub fn message_id(mut self, id: impl Into<String>) -> Self {
        self.message_id = Some(id.into());
        self
    }

    /// Includes only messages of this notification.
    #[must_use]
    pub fn notification(mut self, id: impl Into<String>) -> Self {
        self.notification = Some(id.into());
        self
    }

    /// Includes only messages sent through this provider. Call it again to allow another one.
    #[must_use]
    pub fn provider(mut self, key: impl Into<String>) -> Self {
        self.provider.push(key.into());
        self
    }

    /// Includes only messages to this recipient.
    #[must_use]
    pub fn recipient(mut self, id: impl Into<String>) -> Self {
        self.recipient = Some(id.into());
        self
    }

    /// Includes only messages with this status. Call it again to allow another one.
    #[must_use]
    pub fn status(mut self, status: MessageStatus) -> Self {
        self.status.push(status);
        self
    }

    /// Includes only messages with this tag. Call it again to allow another one.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag.push(tag.into());
        self
    }

    /// Includes only messages with one of these tags, as a comma-separated text: `tag-1,tag-2`. For a tag that contains
    /// a comma, use [`tag`](Self::tag).
    #[must_use]
    pub fn tags(mut self, tags: impl Into<String>) -> Self {
        self.tags = Some(tags.into());
        self
    }

    /// Includes only messages that were sent in the context of this tenant.
    #[must_use]
    pub fn tenant_id(mut self, id: impl Into<String>) -> Self {
        self.tenant_id = Some(id.into());
        self
    }

    /// Includes only messages of the request with this trace identifier.
    #[must_use]
    pub fn trace_id(mut self, id: impl Into<String>) -> Self {
        self.trace_id = Some(id.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_documented_parameter_round_trips_under_its_name() {
        let filter = MessageFilter::new()
            .archived(false)
            .enqueued_after(Timestamp::from_millis(1_686_752_793_725))
            .event("welcome-message")
            .list("event-change")
            .message_id("1-5fa64f03-2a3d64b92a1f1a061ab4c3c3")
            .notification("Q2V3E8RN9V4YN1KJ1W9SJ1N8H3YC")
            .provider("sendgrid")
            .provider("twilio")
            .recipient("ada")
            .status(MessageStatus::Opened)
            .status(MessageStatus::from("TELEPORTED"))
            .tag("a,b")
            .tags("tag-1,tag-2")
            .tenant_id("acme")
            .trace_id("1a3b9d40d64fbf34");
        let written = json!({
            "archived": false,
            "enqueued_after": 1_686_752_793_725_i64,
            "event": "welcome-message",
            "list": "event-change",
            "messageId": "1-5fa64f03-2a3d64b92a1f1a061ab4c3c3",
            "notification": "Q2V3E8RN9V4YN1KJ1W9SJ1N8H3YC",
            "provider": ["sendgrid", "twilio"],
            "recipient": "ada",
            "status": ["OPENED", "TELEPORTED"],
            "tag": ["a,b"],
            "tags": "tag-1,tag-2",
            "tenant_id": "acme",
            "traceId": "1a3b9d40d64fbf34",
        });
        assert_eq!(serde_json::to_value(&filter).expect("pairs"), written);
        assert_eq!(serde_json::from_value::<MessageFilter>(written).expect("a filter"), filter);
    }

    #[test]
    fn a_condition_that_is_not_set_is_left_out() {
        assert_eq!(serde_json::to_value(MessageFilter::new()).expect("pairs"), json!({}));
        assert_eq!(serde_json::from_value::<MessageFilter>(json!({})).expect("a filter"), MessageFilter::new());
    }
}
