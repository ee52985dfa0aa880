use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{MessageDetails, MessageStatus};

/// The result of cancelling a message. Both variants hold the message record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a cancellation may have come too late"]
pub enum Cancellation {
    /// The message was cancelled, and won't be delivered. Status 200.
    Ok(MessageDetails),
    /// It was too late, and the message is unchanged. Status 409.
    ///
    /// If the request was retried because the first response was lost, the record may say `CANCELED`: the first attempt
    /// took effect. [`is_cancelled`](Self::is_cancelled) and [`into_ok`](Self::into_ok) check for that.
    Conflict(MessageDetails),
}

impl Cancellation {
    /// Whether the message is cancelled, by this request or by an earlier one (a 409 with a record that says
    /// `CANCELED`).
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        match self {
            Self::Ok(_) => true,
            Self::Conflict(message) => message.status == MessageStatus::Canceled,
        }
    }

    /// Returns the message record of either variant.
    #[must_use]
    pub fn details(&self) -> &MessageDetails {
        match self {
            Self::Ok(message) | Self::Conflict(message) => message,
        }
    }

    /// Returns the message record of either variant.
    #[must_use]
    pub fn into_details(self) -> MessageDetails {
        match self {
            Self::Ok(message) | Self::Conflict(message) => message,
        }
    }

    /// Returns the cancelled message, and turns being too late into an error.
    ///
    /// A 409 for a message that [is already cancelled](Self::is_cancelled) isn't an error: the first attempt of this
    /// call may have cancelled it, but its response was lost.
    ///
    /// # Errors
    ///
    /// Returns [`TooLate`] with the record if the message isn't cancelled.
    pub fn into_ok(self) -> Result<MessageDetails, TooLate> {
        if self.is_cancelled() { Ok(self.into_details()) } else { Err(TooLate(Box::new(self.into_details()))) }
    }
}

/// The error of a message that could no longer be cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLate(Box<MessageDetails>);

impl TooLate {
    /// Returns the record of the message.
    #[must_use]
    pub fn details(&self) -> &MessageDetails {
        &self.0
    }

    /// Returns the record of the message.
    #[must_use]
    pub fn into_details(self) -> MessageDetails {
        *self.0
    }
}

/// Escapes the id and the status, which come from a server.
impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MessageDetails { id, status, .. } = &*self.0;
        write!(f, "too late to cancel message {}: it is {status}", id.escape_debug())
    }
}

impl Error for TooLate {}
