//! Polls the two tasks of an HTTP/2 connection one after the other.
//!
//! One task of hyper takes the calls' requests, and another one reads and writes the connection. If the latter reads a `GOAWAY` while
//! the former is handing over a request, on another thread, hyper fails this request with the `GOAWAY`, although the server may
//! execute it. If both never run at the same time, only requests fail with it that the server doesn't process.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use hyper::rt::Executor;

/// Spawns what hyper spawns for a connection.
#[derive(Clone, Default)]
pub(super) struct Tasks {
    lock: Arc<Mutex<()>>,
    /// Whether the connection's task has been spawned. Those after it are the requests'.
    has_begun: Arc<AtomicBool>,
}

impl Tasks {
    /// Spawns the task that takes requests. Until then, only the connection's was spawned.
    pub(super) fn begin(&self, requests: impl Future + Send + 'static) {
        self.has_begun.store(true, Ordering::Relaxed);
        self.spawn_in_turn(requests);
    }

    fn spawn_in_turn(&self, future: impl Future + Send + 'static) {
        tokio::spawn(InTurn { future: Box::pin(future), lock: Arc::clone(&self.lock) });
    }
}

impl<F> Executor<F> for Tasks
where
    F: Future + Send + 'static,
    F::Output: Send,
{
    fn execute(&self, future: F) {
        if self.has_begun.load(Ordering::Relaxed) {
            tokio::spawn(future);
        } else {
            self.spawn_in_turn(future);
        }
    }
}

/// A future that isn't polled while another one with the same lock is. No poll waits for anything.
struct InTurn<F> {
    future: Pin<Box<F>>,
    lock: Arc<Mutex<()>>,
}

impl<F: Future> Future for InTurn<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let _turn = this.lock.lock().unwrap_or_else(PoisonError::into_inner);
        this.future.as_mut().poll(context).map(drop)
    }
}
