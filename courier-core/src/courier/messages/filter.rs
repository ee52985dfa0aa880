use serde::{Deserialize, Serialize};

use super::{MessageStatus, Timestamp};

/// Which messages a list has: what `GET /messages` takes in its query, apart from the cursor.
///
/// A message must meet every condition that is given. Those that take several values, given one after another, are met
/// by a message that has one of them. Without any condition the list has every message that is not archived.
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
/// It is written as the pairs of a query (`recipient=ada&status=UNDELIVERABLE&status=UNROUTABLE`): a list repeats its
/// key, and a condition that is not given is left out.
///
/// Source: [List messages](https://www.courier.com/docs/api-reference/sent-messages/list-messages).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MessageFilter {
    /// Whether archived messages are in the list too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// The first moment at which a message of the list may have been enqueued: in the query, milliseconds since the
    /// Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enqueued_after: Option<Timestamp>,
    /// The identifier of the event that the message was sent for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The identifier of the list that the message was sent to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The message's own identifier, as a send returned it. `messageId` in the query.
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
    /// The statuses that the message may have now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<MessageStatus>,
    /// Tags that the message was sent with, in its `metadata.tags`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<String>,
    /// Tags as in [`tag`](Self::tag), in one text with commas between them: `tag-1,tag-2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<String>,
    /// The identifier of the tenant in whose context the message was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// The identifier that traces the request, as the send gave it. `traceId` in the query.
    #[serde(rename = "traceId", skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
}

impl MessageFilter {
    /// No condition: every message that is not archived.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says whether archived messages are in the list too. Courier leaves them out unless it is told otherwise.
    #[must_use]
    pub fn archived(mut self, included: bool) -> Self {
        self.archived = Some(included);
        self
    }

    /// Leaves out messages that were enqueued before this moment.
    #[must_use]
    pub fn enqueued_after(mut self, moment: Timestamp) -> Self {
        self.enqueued_after = Some(moment);
        self
    }

    /// Only messages that were sent for this event.
    #[must_use]
    pub fn event(mut self, id: impl Into<String>) -> Self {
        self.event = Some(id.into());
        self
    }

    /// Only messages that were sent to this list.
    #[must_use]
    pub fn list(mut self, id: impl Into<String>) -> Self {
        self.list = Some(id.into());
        self
    }

    /// Only the message with this identifier.
    #[must_use]
    pub fn message_id(mut self, id: impl Into<String>) -> Self {
        self.message_id = Some(id.into());
        self
    }

    /// Only messages of this notification.
    #[must_use]
    pub fn notification(mut self, id: impl Into<String>) -> Self {
        self.notification = Some(id.into());
        self
    }

    /// Only messages that this provider took over, or one of the others that are given in this way.
    #[must_use]
    pub fn provider(mut self, key: impl Into<String>) -> Self {
        self.provider.push(key.into());
        self
    }

    /// Only messages to this recipient.
    #[must_use]
    pub fn recipient(mut self, id: impl Into<String>) -> Self {
        self.recipient = Some(id.into());
        self
    }

    /// Only messages that have this status now, or one of the others that are given in this way.
    #[must_use]
    pub fn status(mut self, status: MessageStatus) -> Self {
        self.status.push(status);
        self
    }

    /// Only messages with this tag, or one of the others that are given in this way.
    #[must_use]
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tag.push(tag.into());
        self
    }

    /// Only messages with one of these tags, in one text with commas between them: `tag-1,tag-2`. A tag that has a
    /// comma itself is for [`tag`](Self::tag).
    #[must_use]
    pub fn tags(mut self, tags: impl Into<String>) -> Self {
        self.tags = Some(tags.into());
        self
    }

    /// Only messages that were sent in the context of this tenant.
    #[must_use]
    pub fn tenant_id(mut self, id: impl Into<String>) -> Self {
        self.tenant_id = Some(id.into());
        self
    }

    /// Only messages of the request with this trace identifier.
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
    fn every_documented_parameter_has_its_name_and_comes_back() {
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
    fn a_condition_that_is_not_given_is_left_out() {
        assert_eq!(serde_json::to_value(MessageFilter::new()).expect("pairs"), json!({}));
        assert_eq!(serde_json::from_value::<MessageFilter>(json!({})).expect("a filter"), MessageFilter::new());
    }
}
