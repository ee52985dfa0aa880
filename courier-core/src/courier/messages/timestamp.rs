use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A point in time, in milliseconds since the Unix epoch (1970-01-01T00:00:00Z), as Courier stores it.
///
/// ```
/// use courier_core::messages::Timestamp;
/// use std::time::SystemTime;
///
/// let enqueued = Timestamp::from_millis(1_710_276_833_123);
/// assert_eq!(enqueued.to_string(), "2024-03-12T20:53:53.123Z");
/// assert!(SystemTime::try_from(enqueued)? < SystemTime::now());
/// # Ok::<(), courier_core::messages::TimestampError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Returns the current time of the system clock.
    ///
    /// # Panics
    ///
    /// Panics if the clock is more than 292 million years from 1970.
    #[must_use]
    pub fn now() -> Self {
        SystemTime::now().try_into().expect("the system clock is within 292 million years of 1970")
    }

    /// Creates a timestamp from milliseconds since the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Returns the milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

/// The error of a time that the other type can't represent.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the timestamp is out of range for {0}")]
pub struct TimestampError(&'static str);

impl TryFrom<Timestamp> for SystemTime {
    type Error = TimestampError;

    fn try_from(Timestamp(millis): Timestamp) -> Result<Self, TimestampError> {
        let distance = Duration::from_millis(millis.unsigned_abs());
        let moment = if millis < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
        moment.ok_or(TimestampError("SystemTime"))
    }
}

/// Rounds down to the millisecond.
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(moment: SystemTime) -> Result<Self, TimestampError> {
        let millis = match moment.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()),
            Err(before) => i64::try_from(before.duration().as_nanos().div_ceil(1_000_000)).map(|millis| -millis),
        };
        millis.map(Self).map_err(|_| TimestampError("a Timestamp"))
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<Timestamp> for jiff::Timestamp {
    type Error = TimestampError;

    fn try_from(Timestamp(millis): Timestamp) -> Result<Self, TimestampError> {
        Self::from_millisecond(millis).map_err(|_| TimestampError("jiff::Timestamp"))
    }
}

/// Rounds down to the millisecond.
#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(moment: jiff::Timestamp) -> Self {
        let millis = moment.as_nanosecond().div_euclid(1_000_000);
        Self(i64::try_from(millis).expect("jiff's years -9999 to 9999 fit"))
    }
}

/// Writes [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) in UTC from 1970 to 9999, and a number of milliseconds
/// outside that range.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const YEAR_10000: i64 = 253_402_300_800_000;
        match SystemTime::try_from(*self) {
            Ok(moment) if (0..YEAR_10000).contains(&self.0) => {
                write!(f, "{}", humantime::format_rfc3339_millis(moment))
            }
            _ => write!(f, "{} ms from the Unix epoch", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_is_readable_over_the_whole_range() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_710_276_833_123, "2024-03-12T20:53:53.123Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "253402300800000 ms from the Unix epoch"),
            (-1, "-1 ms from the Unix epoch"),
            (i64::MAX, "9223372036854775807 ms from the Unix epoch"),
            (i64::MIN, "-9223372036854775808 ms from the Unix epoch"),
        ] {
            assert_eq!(Timestamp(millis).to_string(), text);
        }
    }

    #[test]
    fn system_time_round_trips_and_rounds_down() {
        for millis in [0, 1, -1, 1_710_276_833_123, -1_710_276_833_123] {
            let moment = SystemTime::try_from(Timestamp(millis)).expect("in range");
            assert_eq!(Timestamp::try_from(moment), Ok(Timestamp(millis)));
        }
        let just = |nanos: u64, before: bool| {
            let distance = Duration::from_nanos(nanos);
            Timestamp::try_from(if before { UNIX_EPOCH - distance } else { UNIX_EPOCH + distance })
        };
        assert_eq!(just(1_999_999, false), Ok(Timestamp(1)));
        assert_eq!(just(1, true), Ok(Timestamp(-1)));
    }

    #[cfg(feature = "jiff")]
    #[test]
    fn jiff_round_trips() {
        let moment = jiff::Timestamp::try_from(Timestamp(1_710_276_833_123)).expect("in range");
        assert_eq!(moment.to_string(), "2024-03-12T20:53:53.123Z");
        assert_eq!(Timestamp::from(moment), Timestamp(1_710_276_833_123));
        jiff::Timestamp::try_from(Timestamp(i64::MAX)).expect_err("the year 292,278,994");
    }
}
