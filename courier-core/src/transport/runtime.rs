//! Whether there is a tokio runtime for what needs one.

use tokio::runtime::Handle;

use super::{TransportError, TransportErrorKind};

const NONE: &str = "there is no tokio runtime here; await the call within one (`#[tokio::main]`, `#[tokio::test]`), or use the \
                    client of `courier_core::blocking`";

/// Refuses what would panic at its first timer.
///
/// Whether the runtime has its timer and its I/O enabled can't be asked: tokio panics if not.
///
/// # Errors
///
/// [`TransportErrorKind::Refused`], if this thread is in no runtime.
pub(super) fn check() -> Result<(), TransportError> {
    match Handle::try_current() {
        Ok(_) => Ok(()),
        Err(_) => Err(TransportError::not_sent(TransportErrorKind::Refused).with_source(NONE)),
    }
}
