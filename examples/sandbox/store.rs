//! All messages, behind one lock.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use courier_core::messages::{Cancellation, MessageDetails};

use crate::record::{Record, now};

/// Every method takes the lock once, so that whoever looks sees a cancellation whole or not at all.
#[derive(Debug)]
pub(crate) struct Store(Mutex<Messages>);

#[derive(Debug)]
struct Messages {
    records: HashMap<String, Record>,
    pace: Duration,
    /// How many ids were given out.
    issued: u64,
}

impl Store {
    pub(crate) fn new(pace: Duration) -> Self {
        Self(Mutex::new(Messages { records: HashMap::new(), pace, issued: 0 }))
    }

    /// Messages that have set out keep their pace: none may jump, and least of all back.
    pub(crate) fn set_pace(&self, pace: Duration) {
        self.messages().pace = pace;
    }

    pub(crate) fn place(&self, details: MessageDetails) {
        self.messages().records.insert(details.id.clone(), Record::at_rest(details));
    }

    pub(crate) fn send(&self, recipient: &str) -> MessageDetails {
        self.add(recipient, Record::setting_out)
    }

    pub(crate) fn deliver(&self, recipient: &str) -> MessageDetails {
        self.add(recipient, Record::delivered)
    }

    fn add(&self, recipient: &str, record: impl FnOnce(String, &str, Duration) -> Record) -> MessageDetails {
        let mut messages = self.messages();
        let record = record(messages.next_id(), recipient, messages.pace);
        let details = record.details();
        messages.records.insert(details.id.clone(), record);
        details
    }

    pub(crate) fn message(&self, id: &str) -> Option<MessageDetails> {
        self.messages().records.get(id).map(Record::details)
    }

    /// `None` if there is no such message.
    pub(crate) fn cancel(&self, id: &str) -> Option<Cancellation> {
        self.messages().records.get_mut(id).map(Record::cancel)
    }

    /// A test that panicked while it held the lock has left whole records.
    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Messages {
    /// An id as Courier's are: a version, the second in which it was made, 24 hexadecimal digits.
    fn next_id(&mut self) -> String {
        // A multiplication by an odd number is a bijection modulo 2^96: no two are equal, and none looks like the next.
        const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c061;
        const DIGITS_24: u128 = (1 << 96) - 1;

        self.issued += 1;
        let digits = u128::from(self.issued).wrapping_mul(ODD) & DIGITS_24;
        format!("1-{:08x}-{digits:024x}", now().as_millis() / 1000)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use courier_core::messages::MessageStatus;
    use tokio::time::advance;

    use super::*;
    use crate::record::with_status;

    const PACE: Duration = Duration::from_secs(1);

    #[test]
    fn ids_have_the_shape_of_couriers_and_are_unique() {
        let store = Store::new(PACE);
        let ids: HashSet<String> = (0..1000).map(|_| store.send("ada").id).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [1, 8, 24], "{id}");
            assert!(parts.concat().bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_placed_message_stays_as_it_is_until_it_is_cancelled() {
        let store = Store::new(PACE);
        let delayed = with_status(store.send("ada"), MessageStatus::Delayed);
        store.place(delayed.clone());
        advance(PACE * 100).await;
        assert_eq!(store.message(&delayed.id), Some(delayed.clone()));

        let canceled = with_status(delayed, MessageStatus::Canceled);
        assert_eq!(store.cancel(&canceled.id), Some(Cancellation::Ok(canceled.clone())));
        assert_eq!(store.cancel(&canceled.id), Some(Cancellation::Conflict(canceled)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_pace_is_that_of_later_messages_alone() {
        let store = Store::new(PACE);
        let slow = store.send("ada").id;
        store.set_pace(PACE / 2);
        let fast = store.send("grace").id;
        advance(PACE).await;
        let status = |id| store.message(id).map(|details| details.status);
        assert_eq!((status(&slow), status(&fast)), (Some(MessageStatus::Routed), Some(MessageStatus::Sent)));
    }

    #[test]
    fn an_unknown_message_is_none() {
        let store = Store::new(PACE);
        assert_eq!((store.message("1"), store.cancel("1")), (None, None));
    }
}
