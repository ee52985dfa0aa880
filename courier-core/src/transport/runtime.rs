//! The tokio runtime that I/O and timers need: that of the caller, or the one that calls which wait share.

use std::cell::Cell;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread, ThreadId};

use tokio::runtime::{Builder, Handle};

use super::{TransportError, TransportErrorKind};

const NONE: &str = "there is no tokio runtime here; await the call within one (`#[tokio::main]`, `#[tokio::test]`), or use \
                    `Call::wait`, which blocks";

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

/// Lets the runtime look at its sockets first.
#[cfg(feature = "reqwest")]
pub(super) async fn yield_now() {
    // A thread that waits runs no tasks: the shared runtime looks at its sockets meanwhile, and nothing would wake this one.
    if !IS_WAITING.get() {
        tokio::task::yield_now().await;
    }
}

thread_local! {
    static IS_WAITING: Cell<bool> = const { Cell::new(false) };
}

/// The runtime of all calls that wait, on a thread of its own. The first call starts it.
///
/// # Errors
///
/// Those of the system, if it gives no thread or no event queue; or that this is the runtime's own thread, which would wait
/// for itself for ever.
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

/// Polls on this thread, and parks it in between. Sockets and timers belong to the runtime.
pub(crate) fn block_on<F: Future>(runtime: Option<&Handle>, future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    /// Also if the future panics.
    struct Waiting(bool);

    impl Drop for Waiting {
        fn drop(&mut self) {
            IS_WAITING.set(self.0);
        }
    }

    let _waiting = Waiting(IS_WAITING.replace(true));
    let _entered = runtime.map(Handle::enter);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    // Within a task of another runtime, the task's budget would run out, and nothing would renew it.
    let mut future = pin!(tokio::task::unconstrained(future));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}
