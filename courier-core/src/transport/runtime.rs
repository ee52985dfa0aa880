//! The tokio runtime for I/O and timers: the caller's, or the one that all blocking calls share.

use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread, ThreadId};

use tokio::runtime::{Builder, Handle};

use super::{TransportError, TransportErrorKind};

pub(crate) const NONE: &str = "there is no tokio runtime here; await the call within one (`#[tokio::main]`, `#[tokio::test]`), or use \
                    `Call::wait`, which blocks";

/// Checks that there is a runtime, without which the first timer would panic.
///
/// Whether the runtime has its timer and I/O enabled can't be checked: tokio panics if it hasn't.
///
/// # Errors
///
/// Returns [`TransportErrorKind::Refused`] if this thread isn't in a runtime.
pub(crate) fn check() -> Result<(), TransportError> {
    match Handle::try_current() {
        Ok(_) => Ok(()),
        Err(_) => Err(TransportError::not_sent(TransportErrorKind::Refused).with_reason(NONE)),
    }
}

/// Lets the runtime poll its sockets first.
#[cfg(feature = "__network")]
pub(super) async fn yield_now() {
    // A thread that blocks runs no tasks. Another thread polls the shared runtime's sockets, and nothing would wake this one.
    if !IS_WAITING.get() {
        tokio::task::yield_now().await;
    }
}

/// Is pending once. Over a fast connection, there is always another chunk, so one poll could read a whole body without a check of
/// the time limits.
#[cfg(feature = "__network")]
pub(super) async fn give_way() {
    let mut has_been_pending = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut has_been_pending, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// The shared runtime, if this thread polls a future that it blocks for.
///
/// A timer of any other runtime may never fire: this thread may be the one that runs it.
pub(crate) fn of_blocked_thread() -> Option<Handle> {
    if IS_WAITING.get() { Handle::try_current().ok() } else { None }
}

thread_local! {
    static IS_WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Returns the runtime of all blocking calls, which has its own thread. The first call starts it.
///
/// # Errors
///
/// Returns an error if the system can't create the thread or the event queue, or if this is the runtime's own thread, which
/// would deadlock.
pub(crate) fn shared() -> io::Result<Handle> {
    static SHARED: Mutex<Option<(Handle, ThreadId)>> = Mutex::new(None);
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((handle, thread)) = &*shared {
        if *thread == thread::current().id() {
            return Err(io::Error::other("a blocking call was made on the thread that does the I/O of blocking calls"));
        }
        return Ok(handle.clone());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let handle = runtime.handle().clone();
    let run = move || runtime.block_on(std::future::pending::<()>());
    let thread = thread::Builder::new().name("courier-blocking".to_owned()).spawn(run)?.thread().id();
    *shared = Some((handle.clone(), thread));
    Ok(handle)
}

/// Blocks this thread until `poll` is ready.
///
/// # Errors
///
/// Returns [`TransportErrorKind::Refused`] if this thread does the I/O of blocking calls, or there can't be such a thread.
pub(crate) fn wait_for<T>(poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Result<T, TransportError> {
    wait(std::future::poll_fn(poll))
}

/// Blocks this thread until the future is ready.
pub(crate) fn wait<F: Future>(future: F) -> Result<F::Output, TransportError> {
    let runtime = shared().map_err(refused)?;
    Ok(block_on(Some(&runtime), future))
}

/// The error of a call that can't block.
pub(crate) fn refused(error: io::Error) -> TransportError {
    TransportError::not_sent(TransportErrorKind::Refused).with_source(error)
}

/// Polls the future on this thread, and parks it in between. The runtime has the sockets and timers.
pub(crate) fn block_on<F: Future>(runtime: Option<&Handle>, future: F) -> F::Output {
    /// The flag remembers a wake-up whose `unpark` was used up by something else on this thread, such as another call that the
    /// future waits for.
    struct Unpark(Thread, AtomicBool);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.1.store(true, Ordering::Release);
            self.0.unpark();
        }
    }

    /// Resets the flag, even if the future panics.
    struct Waiting(bool);

    impl Drop for Waiting {
        fn drop(&mut self) {
            IS_WAITING.set(self.0);
        }
    }

    let _waiting = Waiting(IS_WAITING.replace(true));
    let _entered = runtime.map(Handle::enter);
    let unpark = Arc::new(Unpark(thread::current(), AtomicBool::new(false)));
    let waker = Waker::from(Arc::clone(&unpark));
    // In a task of another runtime, the task's budget would run out, and nothing would renew it.
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        while !unpark.1.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}
