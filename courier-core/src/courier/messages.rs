//! The messages resource of Courier: messages that were sent, and what became of them.

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

/// The endpoints of the resource. Every [`Transport`](crate::Transport) has them, [`Courier`](crate::Courier) first of all.
///
/// Where Courier documents that there may be no such message, that is an outcome: `None`.
///
/// Source: [Courier's API reference](https://www.courier.com/docs/api-reference/sent-messages/list-messages).
pub trait Messages: Transport {
    /// Lists the messages that a filter lets through, newest first, from `cursor` on; `None` is the first page.
    ///
    /// A page is at most ten messages: [`paging::items`](crate::paging::items) reads the whole list.
    #[endpoint(GET, "/messages?<cursor>", ok = 200)]
    async fn list(&self, cursor: Option<&str>, #[query] filter: &MessageFilter) -> Result<MessagePage>;

    /// The message record, with what its providers told; `None` if there is no such message.
    #[endpoint(GET, "/messages/<message_id>", some = 200, none = 404)]
    async fn get(&self, message_id: &str) -> Result<Option<Message>>;

    /// What was sent, as it was rendered for each channel; `None` if there is no such message.
    #[endpoint(GET, "/messages/<message_id>/output", some = 200, none = 404)]
    async fn content(&self, message_id: &str) -> Result<Option<MessageContent>>;

    /// What happened to the message, event by event, of one type or of all; `None` if there is no such message.
    #[endpoint(GET, "/messages/<message_id>/history?type=<event_type>", some = 200, none = 404)]
    async fn history(&self, message_id: &str, event_type: Option<&str>) -> Result<Option<MessageHistory>>;

    /// Cancels a message that is still on its way. `message_id` is the id that a send returned.
    ///
    /// Both answers hold the message record: [`Cancellation::Ok`] with the message now cancelled,
    /// [`Cancellation::Conflict`] with the message as it is, because it was too late.
    ///
    /// It is idempotent: to cancel a cancelled message changes nothing, so that a client which
    /// [retries](crate::transport::Retry) may send it again. Where the answer to a first request was lost, the second
    /// one's may be `Conflict` with a record that says `CANCELED`: the message is cancelled.
    /// [`details`](Cancellation::details) shows the record's `status` whichever of the two it is.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409, idempotent)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;

    /// Sends the message again, as a new message with an id of its own.
    ///
    /// It is not idempotent: where its answer was lost there may be a new message, and it is not sent again.
    ///
    /// The status is inferred from Courier's SDKs: its page does not name one, so that any success is taken.
    #[endpoint(POST, "/messages/<message_id>/resend", ok = 2xx)]
    async fn resend(&self, message_id: &str) -> Result<Resent>;

    /// Archives the messages of a send: they are no longer listed. `request_id` is the id that the send returned.
    ///
    /// It is idempotent: what is archived stays so.
    #[endpoint(PUT, "/requests/<request_id>/archive", ok = 202 | 204, idempotent)]
    async fn archive(&self, request_id: &str) -> Result<()>;
}

impl<T: Transport + ?Sized> Messages for T {}
