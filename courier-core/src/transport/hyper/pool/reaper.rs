//! Closes connections that have been idle for too long, also if no other call is made.

use tokio::runtime::Handle;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

/// A task that wakes when a connection may have been idle for too long. It ends with the last connection, or when it is dropped.
pub(super) struct Reaper {
    task: AbortHandle,
    /// When it wakes.
    pub(super) at: Instant,
}

impl Reaper {
    /// `close_expired` returns when there will be more to close.
    pub(super) fn new(
        runtime: &Handle,
        at: Instant,
        mut close_expired: impl FnMut() -> Option<Instant> + Send + 'static,
    ) -> Self {
        let run = async move {
            let mut next = Some(at);
            while let Some(at) = next {
                sleep_until(at).await;
                next = close_expired();
            }
        };
        Self { task: runtime.spawn(run).abort_handle(), at }
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        self.task.abort();
    }
}
