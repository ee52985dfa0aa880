//! The connections of one runtime.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::Server;
use super::failure::Failure;
use super::http1::{Http1, Room};
#[cfg(feature = "http2")]
use super::http2::Http2;
use super::lease::{Connection, Lease, Resumed};
use super::reaper::Reaper;
#[cfg(feature = "http2")]
use super::turns::Turns;

pub(super) struct Connections {
    pub(super) server: Arc<Server>,
    pub(super) runtime: Handle,
    /// One permit for each call that has a connection for itself. No connection is opened while another is idle, so there are at most
    /// as many as permits.
    permits: Option<Arc<Semaphore>>,
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
    pub(super) reaper: Option<Reaper>,
}

struct Idle {
    connection: Http1,
    since: Instant,
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

    /// A connection for one call, if one is idle or shared, and certain to be usable. It may return one that isn't certain, for
    /// [`lease`](Self::lease).
    pub(super) fn lease_at_once(self: &Arc<Self>, room: Room) -> Result<Lease, Option<Connection>> {
        if self.permits.is_some() {
            return Err(None);
        }
        match self.take(room) {
            Some(connection) if connection.is_certainly_fresh() => Ok(Lease::new(self, connection, None)),
            uncertain => Err(uncertain),
        }
    }

    /// A connection for one call: this one if it is usable, another one, or a new one.
    pub(super) async fn lease(
        self: &Arc<Self>,
        room: Room,
        mut uncertain: Option<Connection>,
    ) -> Result<Lease, Failure> {
        let permit = match &self.permits {
            None => None,
            Some(permits) => self.permit(permits).await?,
        };
        while let Some(mut connection) = uncertain.take().or_else(|| self.take(room)) {
            if connection.is_fresh().await {
                return Ok(Lease::new(self, connection, permit));
            }
        }
        let opened = timeout(self.server.limits.connect_timeout, self.connect(room)).await;
        let connection = opened.unwrap_or(Err(Failure::ConnectTimeout))?;
        Ok(Lease::new(self, connection, permit))
    }

    /// Waits until there may be one more connection, in the order of the calls. `None` if there is one that calls share.
    async fn permit(&self, permits: &Arc<Semaphore>) -> Result<Option<OwnedSemaphorePermit>, Failure> {
        #[cfg(feature = "http2")]
        if self.state().shared.is_some() {
            return Ok(None);
        }
        match timeout(self.server.limits.free_timeout, Arc::clone(permits).acquire_owned()).await {
            Ok(permit) => Ok(Some(permit.expect("it is never closed"))),
            Err(_) => Err(Failure::NoneFree),
        }
    }

    /// A connection that is idle or shared.
    pub(super) fn take(&self, room: Room) -> Option<Connection> {
        let timeout = self.server.idle_timeout();
        let mut state = self.state();
        #[cfg(feature = "http2")]
        if let Some(connection) = &state.shared {
            if !connection.is_closed() && connection.pauses.idle_for() < timeout && connection.counts.takes_another() {
                return Some(Connection::Http2(Arc::clone(connection)));
            }
            state.shared = None;
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

    /// Closes connections that have been idle for too long. Returns when the next one will have been.
    pub(super) fn close_expired(&self) -> Option<Instant> {
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
