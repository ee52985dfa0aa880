//! One message: where it is on its way, and what a cancellation does to it.

use std::time::{Duration, SystemTime};

use courier_core::messages::{Cancellation, MessageDetails, MessageStatus, Timestamp};
use tokio::time::Instant;

/// A message, at rest or on its way.
#[derive(Debug)]
pub(crate) struct Record {
    /// As it is at rest, or as it was when it set out.
    details: MessageDetails,
    journey: Option<Journey>,
}

/// Where a message is follows from the time that has passed, whenever somebody looks. No task moves it: none has to be
/// stopped, and under a paused clock a test says when it moves.
#[derive(Clone, Copy, Debug)]
struct Journey {
    start: Instant,
    pace: Duration,
}

// The steps of a journey, one pace apart.
const ENQUEUED: u32 = 0;
const ROUTED: u32 = 1;
const SENT: u32 = 2;
const DELIVERED: u32 = 3;

impl Record {
    /// A message that stays as it is.
    pub(crate) fn at_rest(details: MessageDetails) -> Self {
        Self { details, journey: None }
    }

    /// A message that sets out now, with `pace` for each step.
    pub(crate) fn setting_out(id: String, recipient: &str, pace: Duration) -> Self {
        let journey = Journey { start: Instant::now(), pace };
        Self { details: enqueued(id, recipient, now()), journey: Some(journey) }
    }

    /// A message that set out in time to be delivered now.
    pub(crate) fn delivered(id: String, recipient: &str, pace: Duration) -> Self {
        let elapsed = pace.saturating_mul(DELIVERED);
        let start = Timestamp::from_millis(now().as_millis().saturating_sub(millis(elapsed)));
        Self::at_rest(travelled(enqueued(id, recipient, start), elapsed, pace))
    }

    /// The record as it is now.
    pub(crate) fn details(&self) -> MessageDetails {
        let details = self.details.clone();
        match self.journey {
            Some(Journey { start, pace }) => travelled(details, start.elapsed(), pace),
            None => details,
        }
    }

    /// Ends the journey if it has not come too far.
    pub(crate) fn cancel(&mut self) -> Cancellation {
        let details = self.details();
        if !is_under_way(&details.status) {
            return Cancellation::Conflict(details);
        }
        let canceled = with_status(details, MessageStatus::Canceled);
        *self = Self::at_rest(canceled.clone());
        Cancellation::Ok(canceled)
    }
}

/// Whether Courier still has the message in its hands: what a provider took over can't be called back.
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

/// What becomes of a message that was enqueued this time ago.
fn travelled(mut details: MessageDetails, elapsed: Duration, pace: Duration) -> MessageDetails {
    let until = |step| pace.saturating_mul(step);
    let last = (ENQUEUED..=DELIVERED).rfind(|&step| elapsed >= until(step)).unwrap_or(ENQUEUED);
    details.status = match last {
        ENQUEUED => MessageStatus::Enqueued,
        ROUTED => MessageStatus::Routed,
        SENT => MessageStatus::Sent,
        _ => MessageStatus::Delivered,
    };
    let start = details.enqueued.as_millis();
    let moment = |step| Timestamp::from_millis(start.saturating_add(millis(until(step))));
    details.sent = (last >= SENT).then(|| moment(SENT));
    details.delivered = (last >= DELIVERED).then(|| moment(DELIVERED));
    details
}

pub(crate) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).expect("the clock is within 292 million years of 1970")
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const PACE: Duration = Duration::from_secs(2);

    fn setting_out() -> Record {
        Record::setting_out("1".into(), "ada", PACE)
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_moves_one_step_at_each_pace_and_stays_delivered() {
        let record = setting_out();
        let moment = Duration::from_millis(1);
        let just_before_the_next = PACE.checked_sub(moment).expect("a longer pace");
        for status in [MessageStatus::Enqueued, MessageStatus::Routed, MessageStatus::Sent, MessageStatus::Delivered] {
            assert_eq!(record.details().status, status);
            advance(just_before_the_next).await;
            assert_eq!(record.details().status, status);
            advance(moment).await;
        }
        advance(PACE * 1000).await;
        assert_eq!(record.details().status, MessageStatus::Delivered);
    }

    #[tokio::test(start_paused = true)]
    async fn timestamps_are_filled_when_their_step_is_reached_and_never_change() {
        let record = setting_out();
        let after = |details: &MessageDetails, moment: Option<Timestamp>| {
            moment.map(|moment| moment.as_millis() - details.enqueued.as_millis())
        };
        for (sent, delivered) in
            [(None, None), (None, None), (Some(4000), None), (Some(4000), Some(6000)), (Some(4000), Some(6000))]
        {
            let details = record.details();
            assert_eq!((after(&details, details.sent), after(&details, details.delivered)), (sent, delivered));
            advance(PACE).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancelled_message_moves_no_more() {
        let mut record = setting_out();
        advance(PACE).await;
        let Cancellation::Ok(canceled) = record.cancel() else { panic!("it was routed only") };
        advance(PACE * 10).await;
        assert_eq!(record.details(), canceled);
        assert_eq!((canceled.status, canceled.sent, canceled.delivered), (MessageStatus::Canceled, None, None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_cancellation_that_comes_too_late_stops_nothing() {
        let mut record = setting_out();
        advance(PACE * 2).await;
        let Cancellation::Conflict(sent) = record.cancel() else { panic!("it was sent") };
        assert_eq!(sent.status, MessageStatus::Sent);
        advance(PACE).await;
        assert_eq!(record.details().status, MessageStatus::Delivered);
    }

    #[test]
    fn five_statuses_can_be_cancelled_and_no_other() {
        let unknown = MessageStatus::from("TELEPORTED");
        let canceled: Vec<_> = MessageStatus::KNOWN
            .iter()
            .chain([&unknown])
            .filter(|&status| {
                let details = with_status(enqueued("1".into(), "ada", now()), status.clone());
                let mut record = Record::at_rest(details.clone());
                match record.cancel() {
                    Cancellation::Ok(canceled) => {
                        assert_eq!(record.details(), canceled);
                        assert_eq!(canceled, with_status(details, MessageStatus::Canceled));
                        true
                    }
                    Cancellation::Conflict(unchanged) => {
                        assert_eq!((&record.details(), unchanged), (&details, details.clone()));
                        false
                    }
                }
            })
            .map(MessageStatus::as_str)
            .collect();
        assert_eq!(canceled, ["DELAYED", "DIGESTED", "ENQUEUED", "ROUTED", "THROTTLED"]);
    }

    #[test]
    fn a_delivered_message_has_a_past() {
        let details = Record::delivered("1".into(), "ada", PACE).details();
        assert_eq!(details.status, MessageStatus::Delivered);
        assert!(Some(details.enqueued) < details.sent && details.sent < details.delivered, "{details:?}");
        assert!(details.delivered <= Some(now()));
    }

    #[test]
    fn no_pace_is_too_short_or_too_long() {
        assert_eq!(Record::setting_out("1".into(), "ada", Duration::ZERO).details().status, MessageStatus::Delivered);
        assert_eq!(Record::setting_out("1".into(), "ada", Duration::MAX).details().status, MessageStatus::Enqueued);
        assert_eq!(Record::delivered("1".into(), "ada", Duration::MAX).details().status, MessageStatus::Delivered);
    }
}
