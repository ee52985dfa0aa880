//! Closes connections that have been idle for too long, also if no other call is made.

use std::sync::{Arc, Weak};

use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

use super::connections::{Connections, State};

/// A task that wakes when a connection may have been idle for too long. It ends with the last connection, or when it is dropped.
pub(super) struct Reaper {
    task: AbortHandle,
    /// When it wakes.
    pub(super) at: Instant,
}

impl Drop for Reaper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Connections {
    /// Closes what will have been idle for too long at this time.
    pub(super) fn close_by(self: &Arc<Self>, state: &mut State, at: Option<Instant>) {
        let Some(at) = at else { return };
        if state.reaper.as_ref().is_some_and(|reaper| reaper.at <= at) {
            return;
        }
        let task = self.runtime.spawn(run(Arc::downgrade(self), at)).abort_handle();
        state.reaper = Some(Reaper { task, at });
    }
}

async fn run(connections: Weak<Connections>, mut at: Instant) {
    loop {
        sleep_until(at).await;
        let Some(next) = connections.upgrade().and_then(|connections| connections.close_expired()) else { return };
        at = next;
    }
}
