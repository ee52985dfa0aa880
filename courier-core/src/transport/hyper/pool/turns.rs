//! Whose turn it is to open a connection that calls may share: see [`in_turn`](super::in_turn).

use std::pin::Pin;

use tokio::time::Instant;

use super::failure::Failure;
use super::opening::Opened;

/// Whose turn it is to open a connection.
#[derive(Default)]
pub(super) struct Turns {
    /// The number of the latest turn.
    pub(super) latest: u64,
    /// When the current turn began. `None` if nobody has it.
    pub(super) current: Option<Instant>,
    /// A connection whose call was dropped while it was being opened, and since when. Another call goes on with it.
    pub(super) abandoned: Option<(Dial, Instant)>,
    /// The latest turn that failed.
    pub(super) failed: Option<u64>,
    /// The calls that wait for another one's turn to end.
    pub(super) followers: usize,
}

/// A connection that is being opened.
pub(super) type Dial = Pin<Box<dyn Future<Output = Result<Opened, Failure>> + Send>>;
