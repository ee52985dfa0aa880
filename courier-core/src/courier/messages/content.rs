use serde::{Deserialize, Serialize};

/// The content of a message as rendered for each channel.
///
/// Source: [Get message content](https://www.courier.com/docs/api-reference/sent-messages/get-message-content).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageContent {
    /// One rendering per channel.
    pub results: Vec<RenderedMessage>,
}

impl MessageContent {
    /// Creates the content of a message from its renderings.
    #[must_use]
    pub fn new(results: Vec<RenderedMessage>) -> Self {
        Self { results }
    }
}

/// A message rendered for one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RenderedMessage {
    /// The channel: `email`, `sms`, `push`.
    pub channel: String,
    /// The identifier of the channel in the notification.
    pub channel_id: String,
    /// The rendered content.
    pub content: RenderedContent,
}

impl RenderedMessage {
    /// Creates a message rendered for a channel.
    #[must_use]
    pub fn new(channel: impl Into<String>, channel_id: impl Into<String>, content: RenderedContent) -> Self {
        Self { channel: channel.into(), channel_id: channel_id.into(), content }
    }
}

/// The parts of a rendered message. Parts that the channel doesn't have are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RenderedContent {
    /// The blocks of the notification, in order.
    pub blocks: Vec<RenderedBlock>,
    /// The body in the channel's format.
    pub body: String,
    /// The body in HTML.
    pub html: String,
    /// The subject line of an email.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The title of a push or an inbox message.
    pub title: String,
}

/// One block of a rendered message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RenderedBlock {
    /// The rendered text.
    pub text: String,
    /// The block's `type`: `text`, `action`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl RenderedBlock {
    /// Creates a block of this `type` with this text.
    #[must_use]
    pub fn new(kind: impl Into<String>, text: impl Into<String>) -> Self {
        Self { text: text.into(), kind: kind.into() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documented_content_is_read_and_written_back() {
        let body = json!({
            "results": [{
                "channel": "email",
                "channel_id": "5e95b992-3505-4f66-8808-f91d5d0fe8c9",
                "content": {
                    "blocks": [{ "text": "Hello, Ada!", "type": "text" }],
                    "body": "Hello, Ada!",
                    "html": "<p>Hello, Ada!</p>",
                    "subject": "Welcome",
                    "text": "Hello, Ada!",
                    "title": "",
                },
            }],
        });
        let content: MessageContent = serde_json::from_value(body.clone()).expect("content");
        assert_eq!(content.results[0].content.blocks, [RenderedBlock::new("text", "Hello, Ada!")]);
        assert_eq!(serde_json::to_value(content).expect("JSON"), body);
    }

    #[test]
    fn every_part_is_required_and_unknown_parts_are_ignored() {
        let whole = json!({ "blocks": [], "body": "", "html": "", "subject": "", "text": "", "title": "", "new": 1 });
        assert_eq!(
            serde_json::from_value::<RenderedContent>(whole.clone()).expect("content"),
            RenderedContent::default()
        );
        for part in ["blocks", "body", "html", "subject", "text", "title"] {
            let mut content = whole.clone();
            content.as_object_mut().expect("an object").remove(part);
            serde_json::from_value::<RenderedContent>(content).expect_err(part);
        }
    }
}
