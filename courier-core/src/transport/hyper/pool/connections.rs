//! The connections of one runtime.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "http2")]
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;

use super::Server;
use super::connection::{Connection, Resumed};
use super::http1::{Http1, Room};
#[cfg(feature = "http2")]
use super::http2::Http2;
use super::reaper::Reaper;
#[cfg(feature = "http2")]
use super::turns::Turns;

pub(super) struct Connections {
    pub(super) server: Arc<Server>,
    pub(super) runtime: Handle,
    /// One permit for each call that has a connection for itself. No connection is opened while another is idle, so there are at most
    /// as many as permits.
    pub(super) permits: Option<Arc<Semaphore>>,
    state: Mutex<State>,
    /// Wakes calls that wait for a connection.
    pub(super) changed: Notify,
}

#[derive(Default)]
pub(super) struct State {
    /// Idle connections over HTTP/1, the one that has been idle for the longest first.
    idle: VecDeque<Idle>,
    /// The connection over HTTP/2.
    #[cfg(feature = "http2")]
    shared: Option<Arc<Http2>>,
    #[cfg(feature = "http2")]
    pub(super) turns: Turns,
    /// The calls that take a connection when one is returned.
    pub(super) waiting: usize,
    reaper: Option<Reaper>,
}

struct Idle {
    connection: Http1,
    since: Instant,
}

#[cfg(feature = "http2")]
impl State {
    /// The connection that calls share, for one more call.
    fn take_shared(&mut self, idle_timeout: Duration) -> Option<Arc<Http2>> {
        let is_usable = |shared: &Http2| {
            !shared.is_closed() && shared.pauses.idle_for() < idle_timeout && shared.counts.takes_another()
        };
        if !self.shared.as_deref().is_some_and(is_usable) {
            self.shared = None;
        }
        self.shared.clone()
    }
}

impl Connections {
    pub(super) fn new(server: Arc<Server>, runtime: Handle) -> Self {
        let permits =
            server.limits.max_connections.map(|most| Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))));
        Self { server, runtime, permits, state: Mutex::default(), changed: Notify::new() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that calls share.
    #[cfg(feature = "http2")]
    pub(super) fn take_shared(&self) -> Option<Arc<Http2>> {
        self.state().take_shared(self.server.idle_timeout())
    }

    /// A connection that is idle or shared.
    pub(super) fn take(&self, room: Room) -> Option<Connection> {
        let timeout = self.server.idle_timeout();
        let mut state = self.state();
        #[cfg(feature = "http2")]
        if let Some(connection) = state.take_shared(timeout) {
            return Some(Connection::Http2(connection));
        }
        let Some(position) = state.idle.iter().rposition(|idle| idle.connection.has(room)) else {
            // Another connection takes its place.
            let superfluous = self.permits.as_ref().and_then(|_| state.idle.pop_front());
            drop(state);
            drop(superfluous);
            return None;
        };
        let now = Instant::now();
        let pause = now.saturating_duration_since(state.idle[position].since);
        if pause < timeout {
            let idle = state.idle.remove(position)?;
            return Some(Connection::Http1(idle.connection, Some(Resumed { pause, at: now })));
        }
        // Those before it have been idle for even longer.
        let expired: Vec<Idle> = state.idle.drain(..=position).collect();
        drop(state);
        drop(expired);
        None
    }

    #[cfg(test)]
    pub(super) fn idle(&self) -> usize {
        self.state().idle.len()
    }

    /// Keeps a connection for the next call.
    pub(super) fn put(self: &Arc<Self>, connection: Http1) {
        let timeout = self.server.idle_timeout();
        let max_idle = self.server.limits.max_idle;
        if connection.sender.is_closed() || max_idle == 0 || timeout.is_zero() {
            return;
        }
        let since = Instant::now();
        let mut state = self.state();
        let superfluous = (state.idle.len() >= max_idle).then(|| state.idle.pop_front());
        state.idle.push_back(Idle { connection, since });
        if state.waiting > 0 {
            self.changed.notify_one();
        }
        self.close_by(&mut state, since.checked_add(timeout));
        drop(state);
        drop(superfluous);
    }

    /// Closes what will have been idle for too long at this time.
    fn close_by(self: &Arc<Self>, state: &mut State, at: Option<Instant>) {
        let Some(at) = at else { return };
        if state.reaper.as_ref().is_some_and(|reaper| reaper.at <= at) {
            return;
        }
        let this = Arc::downgrade(self);
        let close_expired = move || this.upgrade().and_then(|connections| connections.close_expired());
        state.reaper = Some(Reaper::new(&self.runtime, at, close_expired));
    }

    /// Closes connections that have been idle for too long. Returns when the next one will have been.
    fn close_expired(&self) -> Option<Instant> {
        let timeout = self.server.idle_timeout();
        let now = Instant::now();
        let mut state = self.state();
        let expired = state.idle.partition_point(|idle| now.saturating_duration_since(idle.since) >= timeout);
        let expired: Vec<Idle> = state.idle.drain(..expired).collect();
        let next = state.idle.front().and_then(|idle| idle.since.checked_add(timeout));
        #[cfg(feature = "http2")]
        let (next, _expired) = {
            let expired = state.shared.take_if(|one| one.is_closed() || one.pauses.idle_for() >= timeout);
            let next_shared =
                state.shared.as_ref().and_then(|one| now.checked_add(timeout.saturating_sub(one.pauses.idle_for())));
            (next.into_iter().chain(next_shared).min(), expired)
        };
        match (next, &mut state.reaper) {
            (Some(next), Some(reaper)) => reaper.at = next,
            _ => state.reaper = None,
        }
        drop(state);
        drop(expired);
        next
    }

    /// Whether calls share a connection.
    #[cfg(feature = "http2")]
    pub(super) fn shares(&self) -> bool {
        self.server.limits.max_idle > 0
    }

    /// Lets calls share this connection, or returns the one that they share.
    #[cfg(feature = "http2")]
    pub(super) fn share(self: &Arc<Self>, connection: Http2) -> Arc<Http2> {
        let connection = Arc::new(connection);
        if !self.shares() {
            return connection;
        }
        let timeout = self.server.idle_timeout();
        let mut state = self.state();
        if let Some(other) = state.shared.as_ref().filter(|other| !other.is_closed() && other.counts.takes_another()) {
            return Arc::clone(other);
        }
        // This call is the first one.
        connection.counts.takes_another();
        state.shared = Some(Arc::clone(&connection));
        self.close_by(&mut state, Instant::now().checked_add(timeout));
        drop(state);
        self.changed.notify_waiters();
        connection
    }

    /// Lets the next calls share another connection than this one.
    #[cfg(feature = "http2")]
    pub(super) fn replace(&self, stale: &Arc<Http2>) {
        self.state().shared.take_if(|shared| Arc::ptr_eq(shared, stale));
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("runtime", &self.runtime.id()).finish_non_exhaustive()
    }
}
