//! When to replace an HTTP/2 connection before its server ends it.
//!
//! All calls share one connection, and a server that ends it loses the requests that were on their way to it. Servers end
//! connections after a number of requests (nginx: `keepalive_requests`, 1,000). It isn't announced, but it shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What the server has shown. Zero is nothing.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// The number of requests after which the last connection ended.
    last: AtomicU64,
    /// The number of requests after which the server ends connections.
    limit: AtomicU64,
}

impl Learned {
    /// Nobody sets a lower limit. That two crashes had the same few requests before them is more likely.
    const LOWEST_LIMIT: u64 = 10;

    /// Notes after how many requests a connection ended. Shutdowns end one after any number. A limit is the same twice, or a number
    /// that a person chose: servers have 100, 1,000 and 10,000.
    fn ended_after(&self, requests: u64) {
        let is_repeated = self.last.swap(requests, Ordering::Relaxed) == requests;
        let is_chosen = requests % 100 == 0;
        if requests >= Self::LOWEST_LIMIT && (is_repeated || is_chosen) {
            self.limit.store(requests, Ordering::Relaxed);
        }
    }
}

/// What happened on one connection.
#[derive(Debug)]
pub(super) struct Counts {
    learned: Arc<Learned>,
    started: AtomicU64,
    answered: AtomicU64,
    /// Whether the connection was lost, and not because it had been idle.
    is_lost: AtomicBool,
}

impl Counts {
    pub(super) fn new(learned: &Arc<Learned>) -> Self {
        Self {
            learned: Arc::clone(learned),
            started: AtomicU64::new(0),
            answered: AtomicU64::new(0),
            is_lost: AtomicBool::new(false),
        }
    }

    /// Counts a call; `false` if the server would end the connection under it.
    pub(super) fn takes_another(&self) -> bool {
        let started = self.started.fetch_add(1, Ordering::Relaxed);
        let limit = self.learned.limit.load(Ordering::Relaxed);
        limit == 0 || started < limit
    }

    /// Counts a response.
    pub(super) fn answered(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether there was a response.
    pub(super) fn has_worked(&self) -> bool {
        self.answered.load(Ordering::Relaxed) > 0
    }

    /// Notes that the connection ended under a request; `false` if it hadn't worked.
    pub(super) fn lost(&self, was_idle: bool) -> bool {
        let has_worked = self.has_worked();
        if has_worked && !was_idle {
            self.is_lost.store(true, Ordering::Relaxed);
        }
        has_worked
    }
}

impl Drop for Counts {
    fn drop(&mut self) {
        if *self.is_lost.get_mut() {
            self.learned.ended_after(*self.answered.get_mut());
        }
    }
}
