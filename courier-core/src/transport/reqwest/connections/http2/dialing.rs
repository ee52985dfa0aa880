//! Opens one connection at a time until it is known that calls can't share it.
//!
//! Whether a server speaks HTTP/2 is known after the TLS handshake, so hyper-util opens a connection for each of the calls
//! that start together, and then keeps one. Here, the others wait for the first.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::Connection;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tower_layer::Layer;
use tower_service::Service;

/// How long a call waits for another one's handshake before it opens a connection of its own, at most a quarter of its time to
/// connect: the other one may hang.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a call waits for a connection that another call has opened. hyper-util hands it over within
/// microseconds, unless the machine is very busy.
const HANDOVER: Duration = Duration::from_millis(250);
/// For how long after that a call which has not waited may still have missed it: it looked into the pool just before.
const MISSED: Duration = Duration::from_millis(20);

tokio::task_local! {
    static AWAITED: ();
}

/// Marks what a call itself does. hyper-util moves a connection that its call doesn't need any more to a task of its own, to finish
/// it for the pool.
pub(in super::super) fn awaited<F: Future>(call: F) -> impl Future<Output = F::Output> {
    AWAITED.scope((), call)
}

fn is_awaited() -> bool {
    AWAITED.try_with(|()| ()).is_ok()
}

/// The layer around the connector of one client.
#[derive(Clone, Debug)]
pub(in crate::transport::reqwest) struct OneAtATime(Arc<Turns>);

#[derive(Debug)]
struct Turns {
    turn: Semaphore,
    patience: Duration,
    /// When the last HTTP/2 connection was opened.
    opened: Mutex<Option<Instant>>,
    /// Whether one of HTTP/1 was.
    is_unshared: AtomicBool,
}

impl Turns {
    /// How long a call that began then waits for another one's connection, if there is one that it can get.
    fn handover(&self, begun: Instant) -> Option<Duration> {
        let opened = (*self.opened.lock().unwrap_or_else(PoisonError::into_inner))?;
        match begun.checked_duration_since(opened) {
            None => Some(HANDOVER),
            Some(since) => (since < MISSED).then_some(MISSED),
        }
    }
}

impl OneAtATime {
    pub(in crate::transport::reqwest) fn new(connect_timeout: Duration) -> Self {
        Self(Arc::new(Turns {
            turn: Semaphore::new(1),
            patience: PATIENCE.min(connect_timeout / 4),
            opened: Mutex::new(None),
            is_unshared: AtomicBool::new(false),
        }))
    }
}

impl<S> Layer<S> for OneAtATime {
    type Service = Dial<S>;

    fn layer(&self, connector: S) -> Dial<S> {
        Dial { connector, turns: Arc::clone(&self.0) }
    }
}

/// A connector that waits for its turn.
#[derive(Clone, Debug)]
pub(in crate::transport::reqwest) struct Dial<S> {
    connector: S,
    turns: Arc<Turns>,
}

type BoxError = Box<dyn StdError + Send + Sync>;

impl<S, D> Service<D> for Dial<S>
where
    D: Send + 'static,
    S: Service<D, Error = BoxError> + Clone + Send + 'static,
    S::Response: Connection + Send,
    S::Future: Send,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, destination: D) -> Self::Future {
        // The clone may not be ready, but this one is.
        let clone = self.connector.clone();
        let mut connector = std::mem::replace(&mut self.connector, clone);
        let turns = Arc::clone(&self.turns);
        Box::pin(async move {
            let begun = Instant::now();
            let is_unshared = || turns.is_unshared.load(Ordering::Relaxed);
            let turn = if is_unshared() { None } else { timeout(turns.patience, turns.turn.acquire()).await.ok() };
            if let Some(handover) = turns.handover(begun) {
                drop(turn);
                // The call gets the other connection now, and drops this future or leaves it to another task.
                sleep(handover).await;
                if !is_awaited() {
                    return Err(Superfluous.into());
                }
                return connector.call(destination).await;
            }
            // Calls that waited until it became known that they can't share a connection all go on.
            let turn = if is_unshared() { None } else { turn };
            let connection = connector.call(destination).await?;
            if connection.connected().is_negotiated_h2() {
                *turns.opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            } else {
                turns.is_unshared.store(true, Ordering::Relaxed);
            }
            drop(turn);
            Ok(connection)
        })
    }
}

/// No call needs this connection any more.
#[derive(Debug)]
struct Superfluous;

impl fmt::Display for Superfluous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another call opened a connection that both can use")
    }
}

impl StdError for Superfluous {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_waits_for_the_connection_of_another_unless_it_could_have_found_it() {
        let OneAtATime(turns) = OneAtATime::new(Duration::from_secs(5));
        let before = Instant::now();
        let opened = before + Duration::from_secs(1);
        assert_eq!(turns.handover(opened), None, "none was opened");
        *turns.opened.lock().expect("no panic") = Some(opened);
        let millis = Duration::from_millis;
        assert_eq!(turns.handover(before), Some(HANDOVER), "it waited");
        for (after, handover) in [(0, Some(MISSED)), (19, Some(MISSED)), (20, None), (1000, None)] {
            assert_eq!(turns.handover(opened + millis(after)), handover, "{after}");
        }
    }
}
