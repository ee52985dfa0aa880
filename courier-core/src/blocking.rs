//! Blocking calls, for programs without `async`.
//!
//! [`Call::wait`] blocks the thread until the call ends:
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
//! Everything else is the same, including the options of a call, [`with_response`](Call::with_response) and
//! [`curl`](Call::curl).
//!
//! A method that isn't `async` blocks, and returns the outcome instead of a [`Call`], so options can't be set for one call. A trait can
//! have both kinds:
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
//! # Streams
//!
//! A [`Download`](crate::Download) is [`Read`](std::io::Read) and [`BufRead`](std::io::BufRead): each read blocks the thread
//! until bytes arrive. Its methods [`bytes`](crate::Download::bytes) and [`save_to`](crate::Download::save_to) return a future
//! with a method `wait`. [`Lines`](crate::Lines) and [`Events`](crate::Events) are read in a `for` loop:
//! `for event in &mut events`. [`Reconnecting`](crate::Reconnecting) has no blocking form.
//!
//! ```
//! use std::io::BufRead as _;
//!
//! use courier_core::{Body, Download, MemoryTransport, Result, Transport, endpoint};
//!
//! trait Exports: Transport {
//!     #[endpoint(GET, "/exports/<id>", ok = 200)]
//!     fn export(&self, id: u64) -> Result<Download>;
//! }
//! impl<T: Transport> Exports for T {}
//!
//! # let chunks = || Body::from_stream(futures_util::stream::iter(["a,b\n1,", "2\n"].map(Ok::<_, std::io::Error>)));
//! # let transport = MemoryTransport::new().answer(200, chunks()).answer(200, chunks());
//! # let path = std::env::temp_dir().join(format!("courier-blocking-{}.csv", std::process::id()));
//! for line in transport.export(7)?.lines() {
//!     println!("{}", line?);
//! }
//!
//! let length = transport.export(7)?.save_to(&path).wait()?;
//! assert_eq!(length, 8);
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The limits of a stream hold as in an async method. An [`io::Error`](std::io::Error) contains the error of the call: see
//! [how to get it back](crate::Error#impl-From<Error>-for-Error).
//!
//! The stream of an async call can be read in this way too, in `tokio::task::spawn_blocking`.
//!
//! # Threads and runtimes
//!
//! I/O and timers of all blocking calls run on one thread, which the first of them starts. You can block anywhere. In a
//! tokio runtime, however, this also blocks the other tasks of the worker thread: await the call there, or block in
//! `tokio::task::spawn_blocking`.
//!
//! Don't mix async and blocking calls on one client. The connections of async calls belong to your runtime. A call that
//! blocks the only thread of that runtime can't use them, and ends at its attempt timeout. A read that does so ends at the idle
//! timeout.
//!
//! On the thread that does the I/O, for example in a task that a transport spawned there, a call or a read fails instead of
//! blocking.

use crate::call::{self, Call, CallWithResponse};
use crate::outcome::reader::Read;
use crate::outcome::{ReturnType, WithResponse};
use crate::request::RequestBuilder;
use crate::transport::{Transport, runtime};

impl<R> Call<'_, R> {
    /// Sends the request, and blocks this thread until the call ends: see [`blocking`](crate::blocking).
    ///
    /// If the thread for the I/O can't be started, or this is that thread, the call fails with
    /// [`TransportErrorKind::Refused`](crate::transport::TransportErrorKind::Refused).
    #[doc(alias = "block_on")]
    #[doc(alias = "sync")]
    pub fn wait(self) -> R {
        match runtime::shared() {
            Ok(runtime) => runtime::block_on(Some(&runtime), self),
            Err(error) => self.fail(runtime::refused(error)),
        }
    }
}

impl<R: ReturnType> CallWithResponse<'_, R> {
    /// Sends the request, and blocks this thread until the call ends, like [`Call::wait`].
    ///
    /// # Errors
    ///
    /// Returns the error of the call.
    pub fn wait(self) -> Result<WithResponse<R::Success>, R::Failure> {
        match runtime::shared() {
            Ok(runtime) => runtime::block_on(Some(&runtime), self),
            Err(error) => self.fail(runtime::refused(error)),
        }
    }
}

/// Makes a blocking call, for an expansion.
pub fn call<R>(transport: &dyn Transport, request: RequestBuilder, read: Read<R>) -> R {
    call::call(transport, request, read).wait()
}
