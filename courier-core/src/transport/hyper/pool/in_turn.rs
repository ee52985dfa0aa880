//! Opens one connection at a time until it is known that calls can't share it.
//!
//! Whether a server speaks HTTP/2 is known after the TLS handshake. Calls that start together wait for the first one's connection.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;

use tokio::time::{Instant, sleep_until};

use super::connection::Connection;
use super::connections::Connections;
use super::failure::Failure;
use super::http1::Room;
use super::opening::open;
use super::turns::Dial;

/// What a call that needs a connection does next.
enum Next<'c> {
    Dial(Turn<'c>),
    Wait {
        turn: u64,
        until: Instant,
    },
    /// The connection that it waited for couldn't be opened. Nothing is gained if the next calls try it one after the other.
    GoAlone,
}

impl Connections {
    /// Opens a connection when it is this call's turn, or returns the one that another call has opened. `None` if calls can't share one.
    pub(super) async fn connect_in_turn(self: &Arc<Self>, room: Room) -> Result<Option<Connection>, Failure> {
        let mut following = None;
        let mut waited_for = None;
        while !self.server.is_unshared.load(Ordering::Relaxed) {
            let mut changed = pin!(self.changed.notified());
            // From now on, no change is missed.
            changed.as_mut().enable();
            while let Some(mut connection) = self.take(room) {
                if connection.is_fresh().await {
                    return Ok(Some(connection));
                }
            }
            match self.next(waited_for) {
                Next::Dial(mut turn) => {
                    drop(following);
                    return turn.connect(room).await.map(Some);
                }
                Next::Wait { turn, until } => {
                    waited_for = Some(turn);
                    following.get_or_insert_with(|| Follower::new(self));
                    let mut patience = pin!(sleep_until(until));
                    std::future::poll_fn(|context| match changed.as_mut().poll(context) {
                        Poll::Ready(()) => Poll::Ready(()),
                        Poll::Pending => patience.as_mut().poll(context),
                    })
                    .await;
                }
                Next::GoAlone => break,
            }
        }
        Ok(None)
    }

    fn next(self: &Arc<Self>, waited_for: Option<u64>) -> Next<'_> {
        let patience = self.server.patience();
        let mut state = self.state();
        let turns = &mut state.turns;
        if waited_for.is_some() && turns.failed == waited_for {
            return Next::GoAlone;
        }
        if let Some(until) = turns.current.and_then(|since| since.checked_add(patience)) {
            if Instant::now() < until {
                return Next::Wait { turn: turns.latest, until };
            }
        }
        let (dial, since) = turns.abandoned.take().unwrap_or_else(|| {
            let dial: Dial = Box::pin(open(Arc::clone(&self.server)));
            (dial, Instant::now())
        });
        turns.latest += 1;
        turns.current = Some(since);
        Next::Dial(Turn { connections: self, number: turns.latest, since, dial: Some(dial) })
    }
}

/// A call's turn to open a connection.
struct Turn<'c> {
    connections: &'c Arc<Connections>,
    number: u64,
    since: Instant,
    /// `None` when it has ended.
    dial: Option<Dial>,
}

impl Turn<'_> {
    async fn connect(&mut self, room: Room) -> Result<Connection, Failure> {
        let connections = self.connections;
        let dial = self.dial.as_mut().expect("it begins once");
        let result = connections.connect_or_take(dial.as_mut(), room).await;
        self.dial = None;
        if result.is_err() {
            connections.state().turns.failed = Some(self.number);
        }
        result
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let patience = self.connections.server.patience();
        let mut state = self.connections.state();
        let turns = &mut state.turns;
        // Otherwise, another call's turn has begun because this one took too long.
        if turns.latest == self.number {
            turns.current = None;
            let dial = self.dial.take().filter(|_| turns.followers > 0 && self.since.elapsed() < patience);
            turns.abandoned = dial.map(|dial| (dial, self.since));
        }
        drop(state);
        self.connections.changed.notify_waiters();
    }
}

/// A call that waits for another one's turn to end.
struct Follower<'c>(&'c Connections);

impl<'c> Follower<'c> {
    fn new(connections: &'c Connections) -> Self {
        connections.state().turns.followers += 1;
        Self(connections)
    }
}

impl Drop for Follower<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        let turns = &mut state.turns;
        turns.followers -= 1;
        // Nobody goes on with it.
        let abandoned = if turns.followers == 0 { turns.abandoned.take() } else { None };
        drop(state);
        drop(abandoned);
    }
}
