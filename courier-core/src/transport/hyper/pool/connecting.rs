//! Opens a connection for a call.
//!
//! A connection that takes long may hang, so its call also takes what another one returns meanwhile. Before that, it doesn't: giving
//! up connections that are almost open would cost more than it saves, and the pool would never become as large as it needs to be.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;

use super::Server;
use super::connection::Connection;
use super::connections::Connections;
use super::failure::Failure;
use super::http1::{Http1, Room};
use super::opening::{Opened, open};
use super::rereadable::Rereadable;

/// How long a call waits for a connection that is being opened before it looks for another one, at most a quarter of its time to
/// connect.
const PATIENCE: Duration = Duration::from_secs(1);

impl Server {
    pub(super) fn patience(&self) -> Duration {
        PATIENCE.min(self.limits.connect_timeout / 4)
    }
}

impl Connections {
    /// A connection for a call that has found none.
    pub(super) async fn connect(self: &Arc<Self>, room: Room) -> Result<Connection, Failure> {
        #[cfg(feature = "http2")]
        if let Some(connection) = self.connect_in_turn(room).await? {
            return Ok(connection);
        }
        let mut dial = pin!(open(Arc::clone(&self.server)));
        if let Ok(opened) = timeout(self.server.patience(), &mut dial).await {
            return self.opened(opened?, room).await;
        }
        self.connect_or_take(dial, room).await
    }

    /// Goes on to open a connection, or takes one that becomes free first.
    pub(super) async fn connect_or_take(
        self: &Arc<Self>,
        mut dial: Pin<&mut (impl Future<Output = Result<Opened, Failure>> + ?Sized)>,
        room: Room,
    ) -> Result<Connection, Failure> {
        let _waiting = Waiting::new(self);
        loop {
            let mut changed = pin!(self.changed.notified());
            // From now on, no change is missed.
            changed.as_mut().enable();
            while let Some(mut connection) = self.take(room) {
                if connection.is_fresh().await {
                    return Ok(connection);
                }
            }
            let opened = std::future::poll_fn(|context| match dial.as_mut().poll(context) {
                Poll::Ready(opened) => Poll::Ready(Some(opened)),
                Poll::Pending => changed.as_mut().poll(context).map(|()| None),
            });
            if let Some(opened) = opened.await {
                return self.opened(opened?, room).await;
            }
        }
    }

    async fn opened(self: &Arc<Self>, opened: Opened, room: Room) -> Result<Connection, Failure> {
        Ok(match opened {
            Opened::Http1(io, probe) => {
                #[cfg(feature = "http2")]
                if !self.server.is_unshared.swap(true, Ordering::Relaxed) {
                    self.changed.notify_waiters();
                }
                let room = if self.server.has_many_headers.load(Ordering::Relaxed) { Room::Full } else { room };
                let connection = Http1::begin(Rereadable::new(io), probe, room).await.map_err(Failure::Handshake)?;
                Connection::Http1(connection, None)
            }
            #[cfg(feature = "http2")]
            Opened::Http2(connection) => {
                self.server.is_unshared.store(!self.shares(), Ordering::Relaxed);
                Connection::Http2(self.share(connection))
            }
        })
    }
}

/// A call that takes a connection when one is returned.
struct Waiting<'c>(&'c Connections);

impl<'c> Waiting<'c> {
    fn new(connections: &'c Connections) -> Self {
        connections.state().waiting += 1;
        Self(connections)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}
