//! Calls that block: no `async` in your program.
//!
//! [`Call::wait`] blocks the thread until there is an outcome:
//!
//! ```
//! use courier_core::messages::{Cancellation, Messages};
//! use courier_core::MemoryTransport;
//!
//! // In a program: `Courier::from_env()?`.
//! let courier = MemoryTransport::new().answer(409, include_str!("courier/messages/delivered.json"));
//! let outcome = courier.cancel("1-65f0c0e1").wait()?;
//! assert!(matches!(outcome, Cancellation::Conflict(_)));
//! # Ok::<(), courier_core::Error>(())
//! ```
//!
//! Everything else is the same: the options of a call, [`with_response`](Call::with_response) and [`curl`](Call::curl).
//!
//! A method that is not `async` waits by itself, and returns the outcome instead of a [`Call`]. One trait can have both kinds:
//!
//! ```
//! use courier_core::{MemoryTransport, Result, Transport, endpoint, messages::Cancellation};
//!
//! pub trait Messages: Transport {
//!     #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
//!     fn cancel(&self, message_id: &str) -> Result<Cancellation>;
//! }
//! impl<T: Transport> Messages for T {}
//!
//! # let courier = MemoryTransport::new().answer(409, include_str!("courier/messages/delivered.json"));
//! let outcome = courier.cancel("1-65f0c0e1")?;
//! # Ok::<(), courier_core::Error>(())
//! ```
//!
//! # Threads and runtimes
//!
//! I/O and timers run on one thread for the whole program, which starts with the first call that waits. You can wait
//! anywhere, also within a tokio runtime, where it holds up the other tasks of its worker thread: there, await the call, or
//! wait in `tokio::task::spawn_blocking`.
//!
//! Use one client in one way. A client whose calls you await has connections that belong to your runtime; a call that waits in
//! the only thread of that runtime can't use them, and ends at its attempt timeout.

use std::io;

use crate::call::{self, Call, CallWithResponse};
use crate::outcome::reader::Read;
use crate::outcome::{ReturnType, WithResponse};
use crate::request::RequestBuilder;
use crate::transport::{Transport, TransportError, TransportErrorKind, runtime};

impl<R> Call<'_, R> {
    /// Sends the request and blocks this thread until there is an outcome: see [`blocking`](crate::blocking).
    ///
    /// If the system gives no thread for the I/O, or this is that thread, the call fails with
    /// [`TransportErrorKind::Refused`].
    #[doc(alias = "block_on")]
    #[doc(alias = "sync")]
    pub fn wait(self) -> R {
        match runtime::shared() {
            Ok(runtime) => runtime::block_on(Some(&runtime), self),
            Err(error) => self.fail(refused(error)),
        }
    }
}

impl<R: ReturnType> CallWithResponse<'_, R> {
    /// Sends the request and blocks this thread until there is an outcome, as [`Call::wait`] does.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub fn wait(self) -> Result<WithResponse<R::Success>, R::Failure> {
        match runtime::shared() {
            Ok(runtime) => runtime::block_on(Some(&runtime), self),
            Err(error) => self.fail(refused(error)),
        }
    }
}

fn refused(error: io::Error) -> TransportError {
    TransportError::not_sent(TransportErrorKind::Refused).with_source(error)
}

/// A method that is not `async`, for an expansion.
pub fn call<R>(transport: &dyn Transport, request: RequestBuilder, read: Read<R>) -> R {
    call::call(transport, request, read).wait()
}
