//! All messages, behind one lock.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use courier_core::messages::{
    Cancellation, Message, MessageContent, MessageDetails, MessageHistory, MessagePage, Paging, Resent, Timestamp,
};

use crate::attributes::Attributes;
use crate::clock::Clock;
use crate::cursor::Position;
use crate::query::{HistoryQuery, ListQuery, admits};
use crate::record::Record;

/// Every method takes the lock once, so no caller sees a half-finished cancellation.
#[derive(Debug)]
pub(crate) struct Store {
    clock: Clock,
    messages: Mutex<Messages>,
}

#[derive(Debug)]
struct Messages {
    records: HashMap<String, Entry>,
    pace: Duration,
    page_size: usize,
    /// How many ids were issued.
    issued: u64,
    /// How many messages were added.
    arrived: u64,
}

#[derive(Debug)]
struct Entry {
    record: Record,
    /// Orders messages that were enqueued in the same millisecond.
    arrival: u64,
}

impl Store {
    pub(crate) fn new(pace: Duration, page_size: usize) -> Self {
        let messages = Messages { records: HashMap::new(), pace, page_size, issued: 0, arrived: 0 };
        Self { clock: Clock::started(), messages: Mutex::new(messages) }
    }

    /// Messages on their journey keep their pace, so none jumps ahead or back.
    pub(crate) fn set_pace(&self, pace: Duration) {
        self.messages().pace = pace;
    }

    pub(crate) fn set_page_size(&self, page_size: usize) {
        self.messages().page_size = page_size;
    }

    pub(crate) fn place(&self, details: MessageDetails, attributes: Attributes) {
        self.messages().keep(details.id.clone(), Record::at_rest(details, attributes, self.clock.now()));
    }

    pub(crate) fn send(&self, recipient: &str, attributes: Attributes) -> MessageDetails {
        self.add(|id, now, messages| Record::setting_out(id, recipient, attributes, now, messages.pace))
    }

    pub(crate) fn deliver(&self, recipient: &str) -> MessageDetails {
        self.add(|id, now, messages| Record::delivered(id, recipient, now, messages.pace))
    }

    fn add(&self, record: impl FnOnce(String, Timestamp, &Messages) -> Record) -> MessageDetails {
        let mut messages = self.messages();
        let now = self.clock.now();
        let id = messages.next_id(now);
        let record = record(id.clone(), now, &messages);
        let details = record.details(now);
        messages.keep(id, record);
        details
    }

    /// The messages that match the query, newest first, up to one page.
    pub(crate) fn page(&self, query: &ListQuery) -> MessagePage {
        let messages = self.messages();
        let now = self.clock.now();
        let mut found: Vec<(Position, &Record)> = messages
            .records
            .values()
            .map(|entry| (entry.position(), &entry.record))
            .filter(|(position, record)| {
                query.after.is_none_or(|after| *position < after) && admits(&query.filter, record, now)
            })
            .collect();
        found.sort_unstable_by_key(|(position, _)| Reverse(*position));
        let more = found.len() > messages.page_size;
        found.truncate(messages.page_size);
        let paging = match found.last() {
            Some((last, _)) if more => Paging::more(last.to_cursor()),
            _ => Paging::end(),
        };
        MessagePage::new(found.into_iter().map(|(_, record)| record.details(now)).collect(), paging)
    }

    /// `None` if the message doesn't exist, here and in the methods below.
    pub(crate) fn message(&self, id: &str) -> Option<Message> {
        self.look(id, Record::message)
    }

    pub(crate) fn content(&self, id: &str) -> Option<MessageContent> {
        self.look(id, Record::content)
    }

    pub(crate) fn history(&self, id: &str, query: &HistoryQuery) -> Option<MessageHistory> {
        let mut events = self.look(id, Record::history)?;
        events.retain(|event| query.kind.is_none() || event.kind() == query.kind.as_deref());
        Some(MessageHistory::new(events))
    }

    pub(crate) fn cancel(&self, id: &str) -> Option<Cancellation> {
        let mut messages = self.messages();
        let now = self.clock.now();
        messages.records.get_mut(id).map(|entry| entry.record.cancel(now))
    }

    pub(crate) fn resend(&self, id: &str) -> Option<Resent> {
        let mut messages = self.messages();
        let now = self.clock.now();
        let again = messages.next_id(now);
        let record = messages.records.get(id)?.record.again(again.clone(), now, messages.pace);
        messages.keep(again.clone(), record);
        Some(Resent::new(again))
    }

    /// Every message has one recipient, so the request's id is its message's id: see [Send][send].
    ///
    /// [send]: https://www.courier.com/docs/api-reference/send/message
    pub(crate) fn archive(&self, request_id: &str) -> Option<()> {
        self.messages().records.get_mut(request_id).map(|entry| entry.record.archive())
    }

    fn look<T>(&self, id: &str, at: impl FnOnce(&Record, Timestamp) -> T) -> Option<T> {
        let messages = self.messages();
        let now = self.clock.now();
        messages.records.get(id).map(|entry| at(&entry.record, now))
    }

    /// Ignores poisoning: a test that panicked while holding the lock left complete records.
    fn messages(&self) -> MutexGuard<'_, Messages> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Messages {
    /// A message that replaces another keeps its position in the list.
    fn keep(&mut self, id: String, record: Record) {
        let arrival = self.records.get(&id).map_or(self.arrived, |entry| entry.arrival);
        self.arrived += 1;
        self.records.insert(id, Entry { record, arrival });
    }

    /// An id in Courier's format: a version, the second of its creation, and 24 hexadecimal digits.
    fn next_id(&mut self, now: Timestamp) -> String {
        // Multiplying by an odd number is a bijection modulo 2^96: all ids differ, and no two in a row look alike.
        const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c061;
        const DIGITS_24: u128 = (1 << 96) - 1;

        self.issued += 1;
        let digits = u128::from(self.issued).wrapping_mul(ODD) & DIGITS_24;
        format!("1-{:08x}-{digits:024x}", now.as_millis() / 1000)
    }
}

impl Entry {
    fn position(&self) -> Position {
        Position { enqueued: self.record.enqueued(), arrival: self.arrival }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use courier_core::messages::{MessageFilter, MessageStatus};
    use tokio::time::advance;

    use super::*;
    use crate::record::with_status;

    const PACE: Duration = Duration::from_secs(1);

    fn store() -> Store {
        Store::new(PACE, 3)
    }

    fn send(store: &Store) -> MessageDetails {
        store.send("ada", Attributes::new())
    }

    fn record(store: &Store, id: &str) -> Option<MessageDetails> {
        store.message(id).map(MessageDetails::from)
    }

    fn page(store: &Store, cursor: Option<&str>) -> MessagePage {
        let after = cursor.map(|cursor| cursor.parse().expect("a cursor of this store"));
        store.page(&ListQuery { filter: MessageFilter::new(), after })
    }

    fn ids(page: &MessagePage) -> Vec<&str> {
        page.results.iter().map(|details| &*details.id).collect()
    }

    #[test]
    fn ids_are_unique_and_in_couriers_format() {
        let store = store();
        let ids: HashSet<String> = (0..1000).map(|_| send(&store).id).collect();
        assert_eq!(ids.len(), 1000);
        for id in ids {
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [1, 8, 24], "{id}");
            assert!(parts.concat().bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_placed_message_stays_unchanged_until_it_is_cancelled() {
        let store = store();
        let delayed = with_status(send(&store), MessageStatus::Delayed);
        store.place(delayed.clone(), Attributes::new());
        advance(PACE * 100).await;
        assert_eq!(record(&store, &delayed.id), Some(delayed.clone()));

        let canceled = with_status(delayed, MessageStatus::Canceled);
        assert_eq!(store.cancel(&canceled.id), Some(Cancellation::Ok(canceled.clone())));
        assert_eq!(store.cancel(&canceled.id), Some(Cancellation::Conflict(canceled)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_pace_applies_only_to_later_messages() {
        let store = store();
        let slow = send(&store).id;
        store.set_pace(PACE / 2);
        let fast = send(&store).id;
        advance(PACE).await;
        let status = |id| record(&store, id).map(|details| details.status);
        assert_eq!((status(&slow), status(&fast)), (Some(MessageStatus::Routed), Some(MessageStatus::Sent)));
    }

    #[tokio::test(start_paused = true)]
    async fn messages_of_the_same_millisecond_are_listed_last_arrived_first() {
        let store = store();
        let sent: Vec<_> = (0..3).map(|_| send(&store).id).collect();
        let newest_first: Vec<_> = sent.iter().rev().map(|id| &**id).collect();
        assert_eq!(ids(&page(&store, None)), newest_first);

        let first = record(&store, &sent[0]).expect("the first");
        store.place(first, Attributes::new());
        assert_eq!(ids(&page(&store, None)), newest_first, "a replacement keeps the position");
    }

    #[tokio::test(start_paused = true)]
    async fn pages_are_stable_while_messages_are_added_and_archived() {
        let store = store();
        let sent: Vec<_> = (0..7).map(|_| send(&store).id).collect();
        let first = page(&store, None);
        assert_eq!(ids(&first), [&*sent[6], &sent[5], &sent[4]]);

        let _new = send(&store);
        store.archive(&sent[5]).expect("a message");
        let second = page(&store, first.paging.next_cursor());
        assert_eq!(ids(&second), [&*sent[3], &sent[2], &sent[1]]);

        let last = page(&store, second.paging.next_cursor());
        assert_eq!((ids(&last), &last.paging), (vec![&*sent[0]], &Paging::end()));
    }

    #[test]
    fn a_page_that_is_exactly_full_is_the_last() {
        let store = store();
        assert_eq!(page(&store, None), MessagePage::new(vec![], Paging::end()));
        for _ in 0..3 {
            let _sent = send(&store);
        }
        let full = page(&store, None);
        assert_eq!((full.results.len(), full.paging), (3, Paging::end()));
    }

    #[test]
    fn an_unknown_message_is_none() {
        let store = store();
        assert_eq!((store.message("1"), store.cancel("1"), store.resend("1")), (None, None, None));
        assert_eq!((store.content("1"), store.archive("1")), (None, None));
        assert_eq!(store.history("1", &HistoryQuery::default()), None);
    }
}
