//! Which requests over HTTP/2 share a connection, and how many did.

mod dialing;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hyper_util::client::legacy::connect::HttpInfo;

pub(in crate::transport::reqwest) use self::dialing::OneAtATime;
pub(super) use self::dialing::awaited;
use crate::transport::request_limit;
pub(super) use crate::transport::request_limit::Learned;

/// What happened on the connection of one generation.
#[derive(Debug)]
pub(super) struct Counts {
    of_connection: request_limit::Counts,
    /// The local port of the first response's connection. Responses over another one, which reqwest opened after the first had
    /// ended, aren't counted.
    connection: AtomicU64,
}

impl Counts {
    /// No connection's port: one has 16 bits.
    const NONE: u64 = u64::MAX;

    pub(super) fn new(learned: &Arc<Learned>) -> Self {
        Self { of_connection: request_limit::Counts::new(learned), connection: AtomicU64::new(Self::NONE) }
    }

    /// Counts a call; `false` if the server would end the connection under it.
    pub(super) fn takes_another(&self) -> bool {
        self.of_connection.takes_another()
    }

    /// Counts a response.
    pub(super) fn answered(&self, answer: &reqwest::Response) {
        let local = answer.extensions().get().map_or(0, |info: &HttpInfo| u64::from(info.local_addr().port()));
        let first = self.connection.compare_exchange(Self::NONE, local, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_ok() || first == Err(local) {
            self.of_connection.answered();
        }
    }

    /// Notes that the connection ended under a request; `false` if it wasn't shared, or hadn't worked.
    pub(super) fn lost(&self, was_idle: bool) -> bool {
        self.of_connection.lost(was_idle)
    }
}
