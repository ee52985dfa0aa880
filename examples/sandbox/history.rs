//! What happened to a message, as the API reports it.

use courier_core::messages::{HistoryEvent, MessageDetails, MessageStatus, Timestamp};
use serde_json::{Map, Value, json};

use crate::provider;

/// A message reached this status at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) status: MessageStatus,
    pub(crate) moment: Timestamp,
}

/// The events that a record implies. A status without a timestamp was reached at `now`.
pub(crate) fn past(details: &MessageDetails, now: Timestamp) -> Vec<Event> {
    let recorded = [
        (MessageStatus::Enqueued, Some(details.enqueued)),
        (MessageStatus::Sent, details.sent),
        (MessageStatus::Delivered, details.delivered),
        (MessageStatus::Opened, details.opened),
        (MessageStatus::Clicked, details.clicked),
    ];
    let mut events: Vec<Event> =
        recorded.into_iter().filter_map(|(status, moment)| Some(Event { status, moment: moment? })).collect();
    if events.iter().all(|event| event.status != details.status) {
        events.push(Event { status: details.status.clone(), moment: now });
    }
    events
}

/// The event as the API writes it: a type, a timestamp, and the fields of that type.
pub(crate) fn body(event: &Event, details: &MessageDetails, provider: Option<&str>) -> HistoryEvent {
    let mut fields = fields(&event.status, details, provider);
    fields.insert("type".to_owned(), json!(event.status));
    fields.insert("ts".to_owned(), json!(event.moment));
    fields.into()
}

fn fields(status: &MessageStatus, details: &MessageDetails, provider: Option<&str>) -> Map<String, Value> {
    let body = match (status, provider) {
        (MessageStatus::Enqueued, _) => {
            json!({ "event": details.event, "recipient": details.recipient, "data": {}, "profile": {} })
        }
        (status, Some(provider)) if provider::has_taken_over(status) => {
            json!({ "channel": { "id": provider::CHANNEL_ID }, "integration": { "provider": provider } })
        }
        _ => json!({}),
    };
    match body {
        Value::Object(fields) => fields,
        _ => unreachable!("every arm is an object"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(9);

    fn record(status: MessageStatus) -> MessageDetails {
        MessageDetails::new("1", status, Timestamp::from_millis(1), "ada", "welcome", "welcome-email")
    }

    fn events(details: &MessageDetails) -> Vec<(String, i64)> {
        past(details, NOW).into_iter().map(|event| (event.status.to_string(), event.moment.as_millis())).collect()
    }

    #[test]
    fn every_timestamp_of_a_record_is_an_event() {
        let mut details = record(MessageStatus::Clicked);
        let moment = |millis| Some(Timestamp::from_millis(millis));
        (details.sent, details.delivered, details.opened, details.clicked) =
            (moment(2), moment(3), moment(4), moment(5));
        let expected = [("ENQUEUED", 1), ("SENT", 2), ("DELIVERED", 3), ("OPENED", 4), ("CLICKED", 5)];
        assert_eq!(events(&details), expected.map(|(status, millis)| (status.to_owned(), millis)));
    }

    #[test]
    fn a_status_without_a_timestamp_is_the_last_event() {
        assert_eq!(events(&record(MessageStatus::Enqueued)), [("ENQUEUED".to_owned(), 1)]);
        assert_eq!(
            events(&record(MessageStatus::Throttled)),
            [("ENQUEUED".to_owned(), 1), ("THROTTLED".to_owned(), 9)]
        );
    }

    #[test]
    fn an_event_has_the_fields_of_its_type() {
        let written = |status| body(&Event { status, moment: NOW }, &record(MessageStatus::Sent), Some("twilio"));
        let enqueued = written(MessageStatus::Enqueued);
        assert_eq!((enqueued.kind(), enqueued.timestamp()), (Some("ENQUEUED"), Some(NOW)));
        assert_eq!(enqueued.fields()["recipient"], "ada");
        assert_eq!(written(MessageStatus::Sent).fields()["integration"]["provider"], "twilio");
        assert_eq!(written(MessageStatus::Canceled).fields().len(), 2, "only type and timestamp");
    }
}
