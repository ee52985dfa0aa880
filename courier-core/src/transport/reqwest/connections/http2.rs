//! When to replace an HTTP/2 connection before its server ends it.
//!
//! All calls share one connection, and a server that ends it loses the requests that were on their way to it. Servers end
//! connections after a number of requests (nginx: `keepalive_requests`, 1,000) and after an idle time. Neither is announced,
//! but both show.

mod dialing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::HttpInfo;

pub(in crate::transport::reqwest) use self::dialing::OneAtATime;
pub(super) use self::dialing::awaited;

/// A pause that may have made the server end the connection. Shorter ones happen all the time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
/// How soon after a pause its connection ends if the pause was the reason.
const SOON: Duration = Duration::from_secs(1);

/// What the server has shown. Zero is nothing.
#[derive(Debug)]
pub(super) struct Learned {
    /// When counting began: other times are in milliseconds from here.
    start: Instant,
    /// The number of requests after which the last connection ended.
    last: AtomicU64,
    /// The number of requests after which two connections in a row ended: the server's limit.
    limit: AtomicU64,
    /// A pause, in milliseconds, that is short enough to keep the connection.
    pause: AtomicU64,
}

impl Default for Learned {
    fn default() -> Self {
        Self { start: Instant::now(), last: AtomicU64::new(0), limit: AtomicU64::new(0), pause: AtomicU64::new(0) }
    }
}

impl Learned {
    fn now(&self) -> u64 {
        millis(self.start.elapsed())
    }

    /// Notes after how many requests a connection ended. Shutdowns end one after any number; a limit is the same twice.
    fn ended_after(&self, requests: u64) {
        if requests > 0 && self.last.swap(requests, Ordering::Relaxed) == requests {
            self.limit.store(requests, Ordering::Relaxed);
        }
    }

    /// Notes a pause after which a connection was lost.
    fn lost_after(&self, pause: u64) {
        let shorter = pause - pause / 10;
        let shortest = |known| (known == 0 || shorter < known).then_some(shorter);
        // A longer one than before changes nothing.
        let _ = self.pause.fetch_update(Ordering::Relaxed, Ordering::Relaxed, shortest);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// What happened on the connection of one generation.
#[derive(Debug)]
pub(super) struct Counts {
    learned: Arc<Learned>,
    /// Whether there was a response over HTTP/2.
    is_used: AtomicBool,
    /// The local port of the first response's connection. Responses over another one, which reqwest opened after the first had
    /// ended, aren't counted.
    connection: AtomicU64,
    started: AtomicU64,
    finished: AtomicU64,
    answered: AtomicU64,
    is_lost: AtomicBool,
    /// When the last call started or finished.
    last_use: AtomicU64,
    /// The last pause without a call, and when it ended.
    pause: AtomicU64,
    resumed: AtomicU64,
}

impl Counts {
    pub(super) fn new(learned: &Arc<Learned>) -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            learned: Arc::clone(learned),
            is_used: AtomicBool::new(false),
            connection: zero(),
            started: zero(),
            finished: zero(),
            answered: zero(),
            is_lost: AtomicBool::new(false),
            last_use: zero(),
            pause: zero(),
            resumed: zero(),
        }
    }

    /// Counts a call; `false` if the server would end the connection under it.
    pub(super) fn takes_another(&self) -> bool {
        let learned = &self.learned;
        let started = self.started.fetch_add(1, Ordering::Relaxed);
        if !self.is_used.load(Ordering::Relaxed) {
            return true;
        }
        let limit = learned.limit.load(Ordering::Relaxed);
        if limit > 0 && started >= limit {
            return false;
        }
        let now = learned.now();
        let last_use = self.last_use.swap(now, Ordering::Relaxed);
        let is_idle = started <= self.finished.load(Ordering::Relaxed);
        if is_idle {
            let pause = now.saturating_sub(last_use);
            let longest = learned.pause.load(Ordering::Relaxed);
            if longest > 0 && pause > longest {
                return false;
            }
            self.pause.store(pause, Ordering::Relaxed);
            self.resumed.store(now, Ordering::Relaxed);
        }
        true
    }

    /// Counts a response.
    pub(super) fn answered(&self, answer: &reqwest::Response) {
        let local = answer.extensions().get().map_or(0, |info: &HttpInfo| u64::from(info.local_addr().port()));
        if !self.is_used.swap(true, Ordering::Relaxed) {
            self.connection.store(local, Ordering::Relaxed);
            self.last_use.store(self.learned.now(), Ordering::Relaxed);
        }
        if self.connection.load(Ordering::Relaxed) == local {
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes the end of a call.
    pub(super) fn finished(&self) {
        self.finished.fetch_add(1, Ordering::Relaxed);
        if self.is_used.load(Ordering::Relaxed) {
            self.last_use.store(self.learned.now(), Ordering::Relaxed);
        }
    }

    /// Notes that the connection ended under a request; `false` if it wasn't shared.
    pub(super) fn lost(&self) -> bool {
        if !self.is_used.load(Ordering::Relaxed) {
            return false;
        }
        if !self.is_lost.swap(true, Ordering::Relaxed) {
            let learned = &self.learned;
            let pause = self.pause.load(Ordering::Relaxed);
            let since = learned.now().saturating_sub(self.resumed.load(Ordering::Relaxed));
            if pause >= millis(SHORTEST_PAUSE) && since < millis(SOON) {
                learned.lost_after(pause);
            }
        }
        true
    }
}

impl Drop for Counts {
    fn drop(&mut self) {
        if *self.is_lost.get_mut() {
            self.learned.ended_after(*self.answered.get_mut());
        }
    }
}
