use serde::{Deserialize, Serialize};

/// The answer to a resend: a new message is on its way.
///
/// Source: `messages.resend` of Courier's SDKs, whose reference stands beside
/// [Get message](https://www.courier.com/docs/api-reference/sent-messages/get-message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resent {
    /// The identifier of the new message. The one that was sent again keeps its own.
    #[serde(rename = "messageId")]
    pub message_id: String,
}

impl Resent {
    /// A message was sent again, as the message with this identifier.
    #[must_use]
    pub fn new(message_id: impl Into<String>) -> Self {
        Self { message_id: message_id.into() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_documented_answer_is_read_and_written_back() {
        let body = json!({ "messageId": "1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f" });
        let resent: Resent = serde_json::from_value(body.clone()).expect("an answer");
        assert_eq!(resent, Resent::new("1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f"));
        assert_eq!(serde_json::to_value(resent).expect("JSON"), body);
        serde_json::from_value::<Resent>(json!({ "messageId": null })).expect_err("the id is required");
    }
}
