//! Sent messages and their history. The library ships their types.

use courier_core::messages::{Cancellation, MessageDetails, MessageStatus};
use courier_core::{Result, Transport, endpoint};
use serde::Serialize;
use serde_json::Value;

use super::declared::Declared;

pub(crate) trait Messages: Transport {
    /// Lists the messages that match a filter.
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[query] filter: &MessageFilter<'_>) -> Result<Value>;

    /// Returns a message.
    #[endpoint(GET, "/messages/<message_id>", some = 200, none = 404)]
    async fn retrieve(&self, message_id: &str) -> Result<Option<MessageDetails>>;

    /// Cancels a message that is being delivered.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    /// Returns the history of a message: the events of one type, or all.
    #[endpoint(GET, "/messages/<message_id>/history?type=<kind>", some = 200, none = 404)]
    async fn history(&self, message_id: &str, kind: Option<&str>) -> Result<Option<Value>>;

    /// Returns the content of a message on each channel.
    #[endpoint(GET, "/messages/<message_id>/output", some = 200, none = 404)]
    async fn content(&self, message_id: &str) -> Result<Option<Value>>;

    /// Resends a message as a new one.
    #[endpoint(POST, "/messages/<message_id>/resend", ok = 2xx)]
    async fn resend(&self, message_id: &str) -> Result<Value>;
}
impl<T: Transport> Messages for T {}

/// Filters messages. A field that is `None` or empty has no effect.
#[derive(Default, Serialize)]
pub(crate) struct MessageFilter<'f> {
    archived: Option<bool>,
    cursor: Option<&'f str>,
    /// In ISO 8601.
    enqueued_after: Option<&'f str>,
    event: Option<&'f str>,
    list: Option<&'f str>,
    #[serde(rename = "messageId")]
    message_id: Option<&'f str>,
    notification: Option<&'f str>,
    provider: &'f [&'f str],
    recipient: Option<&'f str>,
    status: &'f [MessageStatus],
    tag: &'f [&'f str],
    tags: Option<&'f str>,
    tenant_id: Option<&'f str>,
    #[serde(rename = "traceId")]
    trace_id: Option<&'f str>,
}

pub(crate) fn declared(messages: &dyn Messages) -> Vec<Declared> {
    let status = ["status".into(), "status-2".into()];
    let filter = MessageFilter {
        archived: Some(true),
        cursor: Some("cursor"),
        enqueued_after: Some("enqueued_after"),
        event: Some("event"),
        list: Some("list"),
        message_id: Some("messageId"),
        notification: Some("notification"),
        provider: &["provider", "provider-2"],
        recipient: Some("recipient"),
        status: &status,
        tag: &["tag", "tag-2"],
        tags: Some("tags"),
        tenant_id: Some("tenant_id"),
        trace_id: Some("traceId"),
    };
    vec![
        Declared::new("messages.list", messages.list(&filter)).without(messages.list(&MessageFilter::default())),
        Declared::new("messages.retrieve", messages.retrieve("message_id")),
        Declared::new("messages.cancel", messages.cancel("message_id")),
        Declared::new("messages.history", messages.history("message_id", Some("type")))
            .without(messages.history("message_id", None)),
        Declared::new("messages.content", messages.content("message_id")),
        Declared::new("messages.resend", messages.resend("message_id")),
    ]
}
