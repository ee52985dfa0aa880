//! One message: how far it is on its journey, and what a request does to it.

use std::time::Duration;

use courier_core::messages::{
    Cancellation, HistoryEvent, Message, MessageContent, MessageDetails, MessageStatus, Timestamp,
};

use crate::attributes::Attributes;
use crate::clock::{after, before};
use crate::history::{self, Event};
use crate::provider;

/// A message, at rest or on its journey.
#[derive(Debug)]
pub(crate) struct Record {
    /// The record at rest, or at the start of the journey.
    details: MessageDetails,
    attributes: Attributes,
    course: Course,
    archived: bool,
}

#[derive(Debug)]
enum Course {
    /// The message doesn't move. These events have happened to it.
    Rest(Vec<Event>),
    /// Every read computes the state from the time since the message was enqueued. No task has to be stopped, and a test
    /// that controls the clock controls the message.
    Journey { pace: Duration },
}

/// The steps of a journey, one pace apart.
const STEPS: [MessageStatus; 4] =
    [MessageStatus::Enqueued, MessageStatus::Routed, MessageStatus::Sent, MessageStatus::Delivered];
const LAST_STEP: u32 = 3;

impl Record {
    /// A message that doesn't move.
    pub(crate) fn at_rest(details: MessageDetails, attributes: Attributes, now: Timestamp) -> Self {
        let course = Course::Rest(history::past(&details, now));
        Self { details, attributes, course, archived: false }
    }

    /// A message that starts its journey now, with `pace` as the duration of each step.
    pub(crate) fn setting_out(
        id: String,
        recipient: &str,
        attributes: Attributes,
        now: Timestamp,
        pace: Duration,
    ) -> Self {
        Self::travelling(enqueued(id, recipient, now), attributes, pace)
    }

    /// A message that started early enough to be delivered now.
    pub(crate) fn delivered(id: String, recipient: &str, now: Timestamp, pace: Duration) -> Self {
        let start = before(now, pace.saturating_mul(LAST_STEP));
        let travelling = Self::travelling(enqueued(id, recipient, start), Attributes::new(), pace);
        let course = Course::Rest(travelling.events(now));
        Self { details: travelling.details(now), course, ..travelling }
    }

    /// A new message with the same content and recipient, which starts its journey now.
    pub(crate) fn again(&self, id: String, now: Timestamp, pace: Duration) -> Self {
        let MessageDetails { recipient, event, notification, .. } = &self.details;
        let details = MessageDetails::new(id, MessageStatus::Enqueued, now, recipient, event, notification);
        Self::travelling(details, self.attributes.clone(), pace)
    }

    fn travelling(details: MessageDetails, attributes: Attributes, pace: Duration) -> Self {
        Self { details, attributes, course: Course::Journey { pace }, archived: false }
    }

    /// The current record.
    pub(crate) fn details(&self, now: Timestamp) -> MessageDetails {
        match self.course {
            Course::Rest(_) => self.details.clone(),
            Course::Journey { .. } => moved(self.details.clone(), &self.events(now)),
        }
    }

    /// The current record with its provider's report.
    pub(crate) fn message(&self, now: Timestamp) -> Message {
        let mut message = Message::new(self.details(now));
        message.providers = self.provider(now).map(|provider| vec![provider::report(provider, &message)]);
        message
    }

    /// The message as its provider receives it, or empty until it has a provider.
    pub(crate) fn content(&self, now: Timestamp) -> MessageContent {
        match self.provider(now) {
            Some(_) => provider::rendered(&self.details),
            None => MessageContent::new(Vec::new()),
        }
    }

    /// The events so far.
    pub(crate) fn history(&self, now: Timestamp) -> Vec<HistoryEvent> {
        let provider = self.provider(now);
        self.events(now).iter().map(|event| history::body(event, &self.details, provider)).collect()
    }

    /// The message's provider, if it has one by now.
    pub(crate) fn provider(&self, now: Timestamp) -> Option<&str> {
        let is_routed = |status: &MessageStatus| *status == MessageStatus::Routed || provider::has_taken_over(status);
        match &self.attributes.provider {
            Some(provider) => Some(provider),
            None => self.events(now).iter().any(|event| is_routed(&event.status)).then_some(provider::PROVIDER),
        }
    }

    pub(crate) fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// The moment that determines the message's position in a list. It never changes.
    pub(crate) fn enqueued(&self) -> Timestamp {
        self.details.enqueued
    }

    /// Cancels the message, unless it is too late.
    pub(crate) fn cancel(&mut self, now: Timestamp) -> Cancellation {
        let details = self.details(now);
        if !is_under_way(&details.status) {
            return Cancellation::Conflict(details);
        }
        let mut events = self.events(now);
        events.push(Event { status: MessageStatus::Canceled, moment: now });
        self.course = Course::Rest(events);
        self.details = with_status(details, MessageStatus::Canceled);
        Cancellation::Ok(self.details.clone())
    }

    /// Removes the message from the list. Its journey continues.
    pub(crate) fn archive(&mut self) {
        self.archived = true;
    }

    pub(crate) fn is_archived(&self) -> bool {
        self.archived
    }

    fn events(&self, now: Timestamp) -> Vec<Event> {
        match &self.course {
            Course::Rest(events) => events.clone(),
            Course::Journey { pace } => travelled(self.details.enqueued, *pace, now),
        }
    }
}

/// Whether Courier still holds the message: once a provider has it, it can't be called back.
fn is_under_way(status: &MessageStatus) -> bool {
    matches!(
        status,
        MessageStatus::Enqueued
            | MessageStatus::Routed
            | MessageStatus::Delayed
            | MessageStatus::Throttled
            | MessageStatus::Digested
    )
}

pub(crate) fn with_status(mut details: MessageDetails, status: MessageStatus) -> MessageDetails {
    details.status = status;
    details
}

fn enqueued(id: String, recipient: &str, moment: Timestamp) -> MessageDetails {
    MessageDetails::new(id, MessageStatus::Enqueued, moment, recipient, "welcome", "welcome-email")
}

/// The steps taken so far by a message that was enqueued at `start`.
fn travelled(start: Timestamp, pace: Duration, now: Timestamp) -> Vec<Event> {
    let reached = |(step, status)| Event { status, moment: after(start, pace.saturating_mul(step)) };
    (0..).zip(STEPS).map(reached).take_while(|event| event.moment <= now).collect()
}

/// The record after these events.
fn moved(mut details: MessageDetails, events: &[Event]) -> MessageDetails {
    for Event { status, moment } in events {
        match status {
            MessageStatus::Sent => details.sent = Some(*moment),
            MessageStatus::Delivered => details.delivered = Some(*moment),
            _ => {}
        }
        details.status = status.clone();
    }
    details
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Duration = Duration::from_secs(2);
    const START: Timestamp = Timestamp::from_millis(1_710_276_833_123);

    fn setting_out() -> Record {
        Record::setting_out("1".into(), "ada", Attributes::new(), START, PACE)
    }

    fn kinds(record: &Record, now: Timestamp) -> Vec<(String, i64)> {
        let since_start = |moment: Timestamp| moment.as_millis() - START.as_millis();
        record.events(now).into_iter().map(|event| (event.status.to_string(), since_start(event.moment))).collect()
    }

    #[test]
    fn a_message_takes_one_step_per_pace_and_stays_delivered() {
        let record = setting_out();
        let moment = Duration::from_millis(1);
        for (step, status) in (0..).zip(STEPS) {
            let reached = after(START, PACE * step);
            assert_eq!(record.details(reached).status, status);
            assert_eq!(record.details(before(after(reached, PACE), moment)).status, status);
        }
        assert_eq!(record.details(after(START, PACE * 1000)).status, MessageStatus::Delivered);
    }

    #[test]
    fn timestamps_appear_with_their_step_and_never_change() {
        let record = setting_out();
        let since = |moment: Option<Timestamp>| moment.map(|moment| moment.as_millis() - START.as_millis());
        let moments =
            [(None, None), (None, None), (Some(4000), None), (Some(4000), Some(6000)), (Some(4000), Some(6000))];
        for (step, (sent, delivered)) in (0..).zip(moments) {
            let details = record.details(after(START, PACE * step));
            assert_eq!((since(details.sent), since(details.delivered)), (sent, delivered));
        }
    }

    #[test]
    fn a_cancelled_message_stops_and_its_history_ends_with_the_cancellation() {
        let mut record = setting_out();
        let moment = after(START, PACE + Duration::from_millis(500));
        let Cancellation::Ok(canceled) = record.cancel(moment) else { panic!("it was only routed") };
        let later = after(START, PACE * 10);
        assert_eq!(record.details(later), canceled);
        assert_eq!((canceled.status, canceled.sent, canceled.delivered), (MessageStatus::Canceled, None, None));
        let expected = [("ENQUEUED", 0), ("ROUTED", 2000), ("CANCELED", 2500)];
        assert_eq!(kinds(&record, later), expected.map(|(kind, millis)| (kind.to_owned(), millis)));
    }

    #[test]
    fn a_cancellation_that_is_too_late_changes_nothing() {
        let mut record = setting_out();
        let Cancellation::Conflict(sent) = record.cancel(after(START, PACE * 2)) else { panic!("it was sent") };
        assert_eq!(sent.status, MessageStatus::Sent);
        let expected = [("ENQUEUED", 0), ("ROUTED", 2000), ("SENT", 4000), ("DELIVERED", 6000)];
        assert_eq!(kinds(&record, after(START, PACE * 3)), expected.map(|(kind, millis)| (kind.to_owned(), millis)));
    }

    #[test]
    fn only_five_statuses_can_be_cancelled() {
        let unknown = MessageStatus::from("TELEPORTED");
        let canceled: Vec<_> = MessageStatus::KNOWN
            .iter()
            .chain([&unknown])
            .filter(|&status| {
                let details = with_status(enqueued("1".into(), "ada", START), status.clone());
                let mut record = Record::at_rest(details.clone(), Attributes::new(), START);
                match record.cancel(START) {
                    Cancellation::Ok(canceled) => {
                        assert_eq!(record.details(START), canceled);
                        assert_eq!(canceled, with_status(details, MessageStatus::Canceled));
                        true
                    }
                    Cancellation::Conflict(unchanged) => {
                        assert_eq!((&record.details(START), unchanged), (&details, details.clone()));
                        false
                    }
                }
            })
            .map(MessageStatus::as_str)
            .collect();
        assert_eq!(canceled, ["DELAYED", "DIGESTED", "ENQUEUED", "ROUTED", "THROTTLED"]);
    }

    #[test]
    fn a_delivered_message_has_a_full_history() {
        let record = Record::delivered("1".into(), "ada", START, PACE);
        let details = record.details(START);
        assert_eq!((&details.status, details.delivered), (&MessageStatus::Delivered, Some(START)));
        assert!(Some(details.enqueued) < details.sent && details.sent < details.delivered, "{details:?}");
        let expected = [("ENQUEUED", -6000), ("ROUTED", -4000), ("SENT", -2000), ("DELIVERED", 0)];
        assert_eq!(kinds(&record, START), expected.map(|(kind, millis)| (kind.to_owned(), millis)));
    }

    #[test]
    fn a_message_has_the_default_provider_once_routed_or_its_own_from_the_start() {
        let record = setting_out();
        let routed = after(START, PACE);
        assert_eq!((record.provider(START), record.provider(routed)), (None, Some("sendgrid")));
        assert_eq!((record.message(START).providers, record.content(START).results), (None, vec![]));
        assert_eq!(record.message(routed).providers.expect("a provider")[0]["provider"], "sendgrid");
        assert_eq!(record.content(routed).results[0].content.text, "Hello, ada!");

        let given = Record::setting_out("1".into(), "ada", Attributes::new().provider("twilio"), START, PACE);
        assert_eq!(given.provider(START), Some("twilio"));
    }

    #[test]
    fn a_resent_message_starts_over_and_the_original_is_unchanged() {
        let mut record = Record::setting_out("1".into(), "ada", Attributes::new().tag("vip"), START, PACE);
        let later = after(START, PACE * 3);
        record.archive();
        let again = record.again("2".into(), later, PACE);
        assert_eq!(again.details(later), enqueued("2".into(), "ada", later));
        assert_eq!((again.attributes(), again.is_archived()), (record.attributes(), false));
        assert_eq!(record.details(later).status, MessageStatus::Delivered);
    }

    #[test]
    fn the_shortest_and_the_longest_pace_work() {
        let status_at_once =
            |pace| Record::setting_out("1".into(), "ada", Attributes::new(), START, pace).details(START).status;
        assert_eq!(status_at_once(Duration::ZERO), MessageStatus::Delivered);
        assert_eq!(status_at_once(Duration::MAX), MessageStatus::Enqueued);
        let delivered = Record::delivered("1".into(), "ada", START, Duration::MAX);
        assert_eq!(delivered.details(START).status, MessageStatus::Delivered);
    }
}
