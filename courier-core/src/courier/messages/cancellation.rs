use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{MessageDetails, MessageStatus};

/// What became of an attempt to cancel a message. Both hold the message record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a cancellation may have come too late"]
pub enum Cancellation {
    /// Cancelled: the message will not be delivered. Status 200.
    Ok(MessageDetails),
    /// Too late: the message is as it was. Status 409.
    ///
    /// Where a request was sent again because its first answer was lost, the record may say `CANCELED`: the first took effect.
    /// [`is_cancelled`](Self::is_cancelled) and [`into_ok`](Self::into_ok) see that.
    Conflict(MessageDetails),
}

impl Cancellation {
    /// Whether the message is cancelled: by this request, or by an earlier one, as a 409 with a record that says `CANCELED` shows.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        match self {
            Self::Ok(_) => true,
            Self::Conflict(message) => message.status == MessageStatus::Canceled,
        }
    }

    /// The message record, whatever became of the attempt.
    #[must_use]
    pub fn details(&self) -> &MessageDetails {
        match self {
            Self::Ok(message) | Self::Conflict(message) => message,
        }
    }

    /// The message record, whatever became of the attempt.
    #[must_use]
    pub fn into_details(self) -> MessageDetails {
        match self {
            Self::Ok(message) | Self::Conflict(message) => message,
        }
    }

    /// The cancelled message, for callers to whom too late is an error. One that [is cancelled](Self::is_cancelled) already is no
    /// error: it may have been this call's own first attempt, whose answer was lost.
    ///
    /// # Errors
    ///
    /// [`TooLate`], with the record.
    pub fn into_ok(self) -> Result<MessageDetails, TooLate> {
        if self.is_cancelled() { Ok(self.into_details()) } else { Err(TooLate(Box::new(self.into_details()))) }
    }
}

/// A message could not be cancelled any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooLate(Box<MessageDetails>);

impl TooLate {
    /// The message as it is.
    #[must_use]
    pub fn details(&self) -> &MessageDetails {
        &self.0
    }

    /// The message as it is.
    #[must_use]
    pub fn into_details(self) -> MessageDetails {
        *self.0
    }
}

/// The id and status are a server's text, and are escaped.
impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MessageDetails { id, status, .. } = &*self.0;
        write!(f, "too late to cancel message {}: it is {status}", id.escape_debug())
    }
}

impl Error for TooLate {}
