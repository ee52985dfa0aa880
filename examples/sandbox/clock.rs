//! The sandbox's clock.

use std::time::Duration;

use courier_core::messages::Timestamp;
use tokio::time::Instant;

/// Starts at the system's time and then follows tokio's clock. A test that pauses and advances tokio's clock moves every
/// message, and the timestamps of a history stay consistent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
    moment: Timestamp,
}

impl Clock {
    pub(crate) fn started() -> Self {
        Self { start: Instant::now(), moment: Timestamp::now() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        after(self.moment, self.start.elapsed())
    }
}

/// The moment plus the duration, or the latest moment if that overflows.
pub(crate) fn after(moment: Timestamp, duration: Duration) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().saturating_add(millis(duration)))
}

/// The moment minus the duration, or the earliest moment if that overflows.
pub(crate) fn before(moment: Timestamp, duration: Duration) -> Timestamp {
    Timestamp::from_millis(moment.as_millis().saturating_sub(millis(duration)))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_clock_follows_tokios() {
        let clock = Clock::started();
        let start = clock.now();
        assert_eq!(clock.now(), start);
        advance(Duration::from_millis(1500)).await;
        assert_eq!(clock.now().as_millis() - start.as_millis(), 1500);
        assert_eq!(before(clock.now(), Duration::from_millis(1500)), start);
    }

    #[test]
    fn moments_saturate_instead_of_overflowing() {
        let now = Clock::started().now();
        assert_eq!(after(now, Duration::MAX), Timestamp::from_millis(i64::MAX));
        assert!(before(now, Duration::MAX) < Timestamp::from_millis(0));
    }
}
