//! Courier's messages resource: messages that were sent, and their status.

mod cancellation;
mod content;
mod details;
mod filter;
mod history;
mod message;
mod page;
mod problem;
mod resent;
mod status;
mod timestamp;

pub use self::cancellation::{Cancellation, TooLate};
pub use self::content::{MessageContent, RenderedBlock, RenderedContent, RenderedMessage};
pub use self::details::MessageDetails;
pub use self::filter::MessageFilter;
pub use self::history::{HistoryEvent, MessageHistory};
pub use self::message::Message;
pub use self::page::{MessagePage, Paging};
pub use self::problem::Problem;
pub use self::resent::Resent;
pub use self::status::{MessageStatus, Reason, UnknownValue};
pub use self::timestamp::{Timestamp, TimestampError};
use crate::{Result, Transport, endpoint};

/// The endpoints of the resource, for every [`Transport`], such as [`Courier`](crate::Courier).
///
/// If Courier documents that a message may not exist, that is the outcome `None`.
///
/// Source: [Courier's API reference](https://www.courier.com/docs/api-reference/sent-messages/list-messages).
pub trait Messages: Transport {
    /// Lists the messages that match a filter, newest first, from `cursor` on; `None` is the first page.
    ///
    /// A page has at most ten messages. [`paging::items`](crate::paging::items) reads the whole list.
    #[endpoint(GET, "/messages?<cursor>", ok = 200)]
    async fn list(&self, cursor: Option<&str>, #[query] filter: &MessageFilter) -> Result<MessagePage>;

    /// Gets the message record, with data from its providers; `None` if it doesn't exist.
    #[endpoint(GET, "/messages/<message_id>", some = 200, none = 404)]
    async fn get(&self, message_id: &str) -> Result<Option<Message>>;

    /// Gets the content as rendered for each channel; `None` if the message doesn't exist.
    #[endpoint(GET, "/messages/<message_id>/output", some = 200, none = 404)]
    async fn content(&self, message_id: &str) -> Result<Option<MessageContent>>;

    /// Gets the events of the message, of one type or of all; `None` if the message doesn't exist.
    #[endpoint(GET, "/messages/<message_id>/history?type=<event_type>", some = 200, none = 404)]
    async fn history(&self, message_id: &str, event_type: Option<&str>) -> Result<Option<MessageHistory>>;

    /// Cancels a message that is still being delivered. `message_id` is the id that a send returned.
    ///
    /// Both outcomes hold the message record: [`Cancellation::Ok`] the cancelled message,
    /// [`Cancellation::Conflict`] the unchanged message, because it was too late.
    ///
    /// It is idempotent: cancelling a cancelled message changes nothing, so [`Retry`](crate::transport::Retry) may
    /// retry it. If the response to a first request was lost, the second may be `Conflict` with a record that says
    /// `CANCELED`: the message is cancelled. [`details`](Cancellation::details) returns the record of either outcome.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409, idempotent)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    /// Sends the message again, as a new message with its own id.
    ///
    /// It isn't idempotent: if the response is lost, there may be a new message, so it isn't retried.
    ///
    /// The status is inferred from Courier's SDKs. The documentation doesn't name one, so any success is accepted.
    #[endpoint(POST, "/messages/<message_id>/resend", ok = 2xx)]
    async fn resend(&self, message_id: &str) -> Result<Resent>;

    /// Archives the messages of a send, so that they are no longer listed. `request_id` is the id that the send returned.
    ///
    /// It is idempotent: archiving twice changes nothing.
    #[endpoint(PUT, "/requests/<request_id>/archive", ok = 202 | 204, idempotent)]
    async fn archive(&self, request_id: &str) -> Result<()>;
}

impl<T: Transport + ?Sized> Messages for T {}
