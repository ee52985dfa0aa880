use serde::{Deserialize, Serialize};

/// The response to a resend: a new message is being sent.
///
/// Source: `messages.resend` in Courier's SDKs, documented next to
/// [Get message](https://www.courier.com/docs/api-reference/sent-messages/get-message).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resent {
    /// The identifier of the new message. The original one keeps its own.
    #[serde(rename = "messageId")]
    pub message_id: String,
}

impl Resent {
    /// Creates the response for a new message with this identifier.
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
    fn the_documented_response_is_read_and_written_back() {
        let body = json!({ "messageId": "1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f" });
        let resent: Resent = serde_json::from_value(body.clone()).expect("a response");
        assert_eq!(resent, Resent::new("1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f"));
        assert_eq!(serde_json::to_value(resent).expect("JSON"), body);
        serde_json::from_value::<Resent>(json!({ "messageId": null })).expect_err("the id is required");
    }
}
