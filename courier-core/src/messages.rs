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
use crate::{Result, endpoint};

/// Declares the resource for one kind of method; its endpoints are written once for both.
macro_rules! messages {
    ($(#[$documentation:meta])* $transport:path, $($async:ident)?) => {
        $(#[$documentation])*
        ///
        /// Source: [Courier's API reference](https://www.courier.com/docs/api-reference/sent-messages/cancel-message).
        pub trait Messages: $transport {
            /// Cancels a message that is still on its way. `message_id` is the id that a send returned.
            ///
            /// Both answers hold the message record: [`Cancellation::Ok`] with the message now cancelled,
            /// [`Cancellation::Conflict`] with the message as it is, because it was too late.
            ///
            /// It is idempotent: to cancel a cancelled message changes nothing. If the answer to a first request was
            /// lost, a second one may be told `Conflict` with a record that says `CANCELED`.
            #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409, idempotent)]
            $($async)? fn cancel(&self, message_id: &str) -> Result<Cancellation>;
        }

        impl<T: $transport + ?Sized> Messages for T {}
    };
}

messages! {
    /// The endpoints of the resource. Every [`Transport`](crate::Transport) has them, [`Courier`](crate::Courier) first of
    /// all.
    crate::Transport, async
}

/// The same for calls that block: [`courier_core::blocking`](crate::blocking).
#[expect(clippy::missing_errors_doc, reason = "the attribute adds the section, where clippy does not look")]
pub mod blocking {
    use super::Cancellation;
    use crate::{Result, endpoint};

    messages! {
        /// The endpoints of the resource, blocking. Every [`blocking::Transport`](crate::blocking::Transport) has them,
        /// [`blocking::Courier`](crate::blocking::Courier) first of all.
        crate::blocking::Transport,
    }
}
