//! When to replace an HTTP/2 connection before its server ends it.
//!
//! All calls share one connection, and a server that ends it loses the requests that were on their way to it. Servers end
//! connections after a number of requests (nginx: `keepalive_requests`, 1,000). It isn't announced, but it shows.

mod dialing;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use hyper_util::client::legacy::connect::HttpInfo;

pub(in crate::transport::reqwest) use self::dialing::OneAtATime;
pub(super) use self::dialing::awaited;

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
    answered: AtomicU64,
    /// Whether the connection was lost, and not because it had been idle.
    is_lost: AtomicBool,
}

impl Counts {
    pub(super) fn new(learned: &Arc<Learned>) -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            learned: Arc::clone(learned),
            is_used: AtomicBool::new(false),
            connection: zero(),
            started: zero(),
            answered: zero(),
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
    pub(super) fn answered(&self, answer: &reqwest::Response) {
        let local = answer.extensions().get().map_or(0, |info: &HttpInfo| u64::from(info.local_addr().port()));
        if !self.is_used.swap(true, Ordering::Relaxed) {
            self.connection.store(local, Ordering::Relaxed);
        }
        if self.connection.load(Ordering::Relaxed) == local {
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes that the connection ended under a request; `false` if it wasn't shared, or hadn't worked.
    pub(super) fn lost(&self, was_idle: bool) -> bool {
        let is_used = self.is_used.load(Ordering::Relaxed);
        if is_used && !was_idle {
            self.is_lost.store(true, Ordering::Relaxed);
        }
        is_used
    }
}

impl Drop for Counts {
    fn drop(&mut self) {
        if *self.is_lost.get_mut() {
            self.learned.ended_after(*self.answered.get_mut());
        }
    }
}
