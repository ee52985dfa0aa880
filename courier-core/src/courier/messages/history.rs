use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Timestamp;

/// The events of a message.
///
/// Source: [Get message history](https://www.courier.com/docs/api-reference/sent-messages/get-message-history).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MessageHistory {
    /// The events, in the order of the response.
    pub results: Vec<HistoryEvent>,
}

impl MessageHistory {
    /// Creates a history of these events.
    #[must_use]
    pub fn new(results: Vec<HistoryEvent>) -> Self {
        Self { results }
    }
}

/// One event in a message's history: an object whose fields depend on its type, kept whole.
///
/// Courier's documentation doesn't define the object. There are methods for what all events have in common; everything
/// else is in [`fields`](Self::fields).
///
/// ```
/// use courier_core::messages::HistoryEvent;
///
/// let event: HistoryEvent = serde_json::from_str(
///     r#"{"type": "SENT", "ts": 1562611083411, "integration": {"provider": "sendgrid"}}"#,
/// )?;
/// assert_eq!(event.kind(), Some("SENT"));
/// assert_eq!(event.timestamp().map(|ts| ts.to_string()).as_deref(), Some("2019-07-08T18:38:03.411Z"));
/// assert_eq!(event.fields()["integration"]["provider"], "sendgrid");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HistoryEvent(Map<String, Value>);

impl HistoryEvent {
    /// Returns the field `type`: a status (`ENQUEUED`, `SENT`, `CLICKED`) or a step between two (`MAPPED`,
    /// `PROFILE_LOADED`, `RENDERED`). `None` if it is missing or not a string.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        self.0.get("type")?.as_str()
    }

    /// Returns the time, from the field `ts`: milliseconds since the Unix epoch. `None` if it is missing or not a
    /// 64-bit integer.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.0.get("ts")?.as_i64().map(Timestamp::from_millis)
    }

    /// Returns all fields, unchanged.
    #[must_use]
    pub fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Returns all fields, unchanged.
    #[must_use]
    pub fn into_fields(self) -> Map<String, Value> {
        self.0
    }
}

impl From<Map<String, Value>> for HistoryEvent {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documented_events_are_read_and_written_back_whole() {
        let body = json!({
            "results": [
                {
                    "data": { "name": "Courier" },
                    "event": "welcome",
                    "profile": {},
                    "recipient": "ada",
                    "ts": 1_562_611_083_411_i64,
                    "type": "ENQUEUED",
                },
                {
                    "channel": { "id": "5e95b992-3505-4f66-8808-f91d5d0fe8c9" },
                    "integration": { "id": "8431c89d-aff0-484c-914d-36a257ea371f", "provider": "sendgrid" },
                    "output": {},
                    "ts": 1_562_611_083_412_i64,
                    "type": "RENDERED",
                },
            ],
        });
        let history: MessageHistory = serde_json::from_value(body.clone()).expect("a history");
        assert!(history.results.iter().map(HistoryEvent::kind).eq([Some("ENQUEUED"), Some("RENDERED")]));
        assert_eq!(history.results[1].timestamp(), Some(Timestamp::from_millis(1_562_611_083_412)));
        assert_eq!(history.results[0].fields()["data"]["name"], "Courier");
        assert_eq!(serde_json::to_value(history).expect("JSON"), body);
    }

    #[test]
    fn a_missing_field_is_none_and_all_fields_are_kept() {
        for body in [json!({}), json!({ "type": 1, "ts": "soon" }), json!({ "type": null, "ts": u64::MAX })] {
            let event: HistoryEvent = serde_json::from_value(body.clone()).expect("an object");
            assert_eq!((event.kind(), event.timestamp()), (None, None), "{body}");
            assert_eq!(Value::Object(event.into_fields()), body);
        }
        serde_json::from_value::<HistoryEvent>(json!("SENT")).expect_err("an event is an object");
    }
}
