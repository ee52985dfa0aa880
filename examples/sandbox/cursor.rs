//! Cursors: where a page of the list ended.

use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use courier_core::messages::Timestamp;

/// A message's position in the list, which is sorted in descending order: by time, then by order of arrival.
///
/// A page starts after a position rather than at an offset, so no message is repeated or skipped if messages are added
/// or archived between two pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) enqueued: Timestamp,
    pub(crate) arrival: u64,
}

impl Position {
    /// An opaque cursor in Courier's format: base64 with padding, which a client must encode in a query.
    pub(crate) fn to_cursor(self) -> String {
        STANDARD.encode(format!("{},{}", self.enqueued.as_millis(), self.arrival))
    }
}

/// The text wasn't written by [`Position::to_cursor`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidCursor;

impl FromStr for Position {
    type Err = InvalidCursor;

    fn from_str(cursor: &str) -> Result<Self, InvalidCursor> {
        let bytes = STANDARD.decode(cursor).map_err(|_| InvalidCursor)?;
        let text = String::from_utf8(bytes).map_err(|_| InvalidCursor)?;
        let (millis, arrival) = text.split_once(',').ok_or(InvalidCursor)?;
        let millis = millis.parse().map_err(|_| InvalidCursor)?;
        let arrival = arrival.parse().map_err(|_| InvalidCursor)?;
        Ok(Self { enqueued: Timestamp::from_millis(millis), arrival })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_round_trips_and_any_other_text_is_invalid() {
        for (millis, arrival) in [(0, 0), (1_589_495_258_687, 7), (i64::MIN, u64::MAX), (i64::MAX, 1)] {
            let position = Position { enqueued: Timestamp::from_millis(millis), arrival };
            assert_eq!(position.to_cursor().parse(), Ok(position));
        }
        for invalid in ["", "x", "1,2", "%%%", &STANDARD.encode("1"), &STANDARD.encode("1,"), &STANDARD.encode([255])] {
            assert_eq!(invalid.parse::<Position>(), Err(InvalidCursor), "{invalid}");
        }
    }
}
