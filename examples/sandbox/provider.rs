//! The provider's side: what it receives, and what it reports.

use courier_core::messages::{
    MessageContent, MessageDetails, MessageStatus, RenderedBlock, RenderedContent, RenderedMessage,
};
use serde_json::{Map, Value, json};

/// The provider of a message that was sent without one.
pub(crate) const PROVIDER: &str = "sendgrid";

/// The channel that every message is routed to.
const CHANNEL: &str = "email";

pub(crate) const CHANNEL_ID: &str = "5e95b992-3505-4f66-8808-f91d5d0fe8c9";

/// Whether a message with this status has been handed to a provider.
pub(crate) fn has_taken_over(status: &MessageStatus) -> bool {
    matches!(
        status,
        MessageStatus::Sent
            | MessageStatus::Delivered
            | MessageStatus::Opened
            | MessageStatus::Clicked
            | MessageStatus::Simulated
            | MessageStatus::Undeliverable
    )
}

/// The provider's report, as the API adds it to the message's record.
pub(crate) fn report(provider: &str, details: &MessageDetails) -> Map<String, Value> {
    let moments = [("sent", details.sent), ("delivered", details.delivered)];
    let moments = moments.into_iter().filter_map(|(name, moment)| Some((name, json!(moment?))));
    let always = [
        ("channel", json!({ "key": CHANNEL, "id": CHANNEL_ID })),
        ("provider", json!(provider)),
        ("status", json!(details.status)),
    ];
    always.into_iter().chain(moments).map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The message as the provider receives it.
pub(crate) fn rendered(details: &MessageDetails) -> MessageContent {
    let text = format!("Hello, {}!", details.recipient);
    let mut content = RenderedContent::default();
    content.blocks = vec![RenderedBlock::new("text", &*text)];
    content.body.clone_from(&text);
    content.html = format!("<p>{}</p>", escaped(&text));
    content.subject = format!("About {}", details.event);
    content.text = text;
    MessageContent::new(vec![RenderedMessage::new(CHANNEL, CHANNEL_ID, content)])
}

/// Escapes text for HTML: a recipient's id is arbitrary text, which a browser must not interpret.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use courier_core::messages::Timestamp;

    use super::*;

    #[test]
    fn a_recipients_id_is_escaped_in_html() {
        let moment = Timestamp::from_millis(0);
        let details = MessageDetails::new("1", MessageStatus::Sent, moment, "<b>&", "welcome", "welcome-email");
        let content = rendered(&details).results.remove(0).content;
        assert_eq!((&*content.text, &*content.html), ("Hello, <b>&!", "<p>Hello, &lt;b&gt;&amp;!</p>"));
    }
}
