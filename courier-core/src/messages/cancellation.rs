use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::MessageDetails;

/// What became of an attempt to cancel a message. Both hold the message record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[must_use = "a cancellation may have come too late"]
pub enum Cancellation {
    /// Cancelled: the message will not be delivered. Status 200.
    Ok(MessageDetails),
    /// Too late: the message is as it was. Status 409.
    ///
    /// Where a request was sent again because its first answer was lost, the record may say `CANCELED`: the first took effect.
    Conflict(MessageDetails),
}

impl Cancellation {
    /// The message record, whatever became of the attempt.
    ///
    /// Whether the message is cancelled, by this request or an earlier one:
    ///
    /// ```
    /// use courier_core::messages::{Cancellation, MessageStatus};
    ///
    /// fn is_cancelled(outcome: &Cancellation) -> bool {
    ///     outcome.details().status == MessageStatus::Canceled
    /// }
    /// ```
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

    /// The cancelled message, for callers to whom too late is an error.
    ///
    /// # Errors
    ///
    /// [`TooLate`], with the record. It says `CANCELED` where an earlier request did it: another caller's, or this call's own
    /// first attempt.
    pub fn into_ok(self) -> Result<MessageDetails, TooLate> {
        match self {
            Self::Ok(message) => Ok(message),
            Self::Conflict(message) => Err(TooLate(Box::new(message))),
        }
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
