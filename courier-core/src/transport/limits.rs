//! The limits of an attempt.

use std::time::Duration;

use super::TimeLimit;
use crate::request::StreamLimits;

#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) connect: Duration,
    pub(super) attempt: Duration,
    pub(super) body: u64,
    pub(super) stream: StreamLimits,
}

impl Limits {
    /// The limit that ends connecting, and after how long. Connecting is part of an attempt and can't take longer.
    pub(super) fn connecting(self) -> (TimeLimit, Duration) {
        if self.connect < self.attempt {
            (TimeLimit::Connect, self.connect)
        } else {
            (TimeLimit::Attempt, self.attempt)
        }
    }

    /// The timeout for connecting. If it equals the attempt's, it fires slightly earlier although it starts later,
    /// because its error knows that nothing was sent.
    pub(super) fn connect_timeout(self) -> Duration {
        match self.connecting() {
            (TimeLimit::Attempt, attempt) => shortly_before(attempt),
            (_, connect) => connect,
        }
    }

    /// How long an attempt waits for a connection that other calls use. It ends before the attempt, for the same reason.
    #[cfg(feature = "hyper")]
    pub(super) fn free_timeout(self) -> Duration {
        shortly_before(self.attempt)
    }
}

fn shortly_before(limit: Duration) -> Duration {
    const MOMENT: Duration = Duration::from_millis(100);
    limit.saturating_sub(MOMENT.min(limit / 10))
}
