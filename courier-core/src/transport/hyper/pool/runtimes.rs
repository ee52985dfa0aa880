//! Each runtime has connections of its own: a connection works only while the runtime runs that opened it.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::Handle;

use super::Server;
use super::connections::Connections;

/// The most runtimes that a transport keeps connections for. Those of a runtime that was shut down are closed already.
const MAX_RUNTIMES: usize = 64;

/// The connections of each runtime, those of the oldest first.
#[derive(Debug, Default)]
pub(super) struct Runtimes(RwLock<Vec<Arc<Connections>>>);

impl Runtimes {
    /// The connections of the current runtime.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime. It was checked before.
    pub(super) fn current(&self, server: &Arc<Server>) -> Arc<Connections> {
        let runtime = Handle::current();
        let id = runtime.id();
        let find = |all: &[Arc<Connections>]| all.iter().find(|one| one.runtime.id() == id).cloned();
        let known = find(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        known.unwrap_or_else(|| {
            let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = find(&all) {
                return known;
            }
            let oldest = (all.len() == MAX_RUNTIMES).then(|| all.remove(0));
            let new = Arc::new(Connections::new(Arc::clone(server), runtime));
            all.push(Arc::clone(&new));
            drop(all);
            drop(oldest);
            new
        })
    }
}
