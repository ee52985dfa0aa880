//! Calls that block: the same attribute on a method that is not `async`.
//!
//! ```
//! use courier_core::{Result, blocking, endpoint, messages::Cancellation};
//! use courier_core::MemoryTransport;
//!
//! pub trait Messages: blocking::Transport {
//!     #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
//!     fn cancel(&self, message_id: &str) -> Result<Cancellation>;
//! }
//! impl<T: blocking::Transport> Messages for T {}
//!
//! // In a program: `blocking::Courier::from_env()?`.
//! let courier = MemoryTransport::new().answer(409, include_str!("messages/delivered.json"));
//! let outcome = courier.cancel("1-65f0c0e1")?;
//! assert!(matches!(outcome, Cancellation::Conflict(_)));
//! # Ok::<(), courier_core::Error>(())
//! ```
//!
//! One trait holds one kind of method: with the supertrait [`blocking::Transport`](Transport) those that block, with
//! [`courier_core::Transport`](crate::Transport) those that are `async`.
//!
//! A call blocks its thread, and no more: its I/O runs on a thread of its own. It can be made anywhere, within a tokio runtime
//! too; there it holds up the other tasks of its worker thread, so that `tokio::task::spawn_blocking`, or the `async` kind, is
//! the better choice.

use std::fmt;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::config::ConfigError;
use crate::error::Error;
use crate::outcome::reader::{self, Read};
use crate::request::{Request, RequestBuilder};
use crate::secret::Secrets;
use crate::transport::{MemoryTransport, Response, TransportError, TransportErrorKind};

/// Sends a request and waits for the whole answer: the blocking kind of [`courier_core::Transport`](crate::Transport), with
/// the same contract.
///
/// [`Blocking`] makes one of any transport that is `async`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `blocking::Transport`, so a method that is no `async fn` has nothing to send with",
    label = "`{Self}` is not a `blocking::Transport`",
    note = "write `: courier_core::blocking::Transport` behind the trait's name, or its methods as `async fn`: one trait holds one \
            kind"
)]
pub trait Transport: AsDynBlocking + Send + Sync {
    /// Sends `request` and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`], where there is no complete answer.
    fn send(&self, request: Request) -> Result<Response, TransportError>;
}

/// `&self` as `&dyn Transport`, as its counterpart in `transport`.
#[doc(hidden)]
pub trait AsDynBlocking {
    fn as_dyn_blocking(&self) -> &dyn Transport;
}

impl<T: Transport> AsDynBlocking for T {
    fn as_dyn_blocking(&self) -> &dyn Transport {
        self
    }
}

/// A transport as a `&dyn Transport`, whether its own type is sized or a `dyn Transport` itself.
pub fn as_dyn<T: Transport + ?Sized>(transport: &T) -> &dyn Transport {
    transport.as_dyn_blocking()
}

/// Sends the request and waits for its outcome: what a method that is not `async` does.
pub fn call<R>(transport: &dyn Transport, request: RequestBuilder, read: Read<R>) -> R {
    let endpoint = request.endpoint;
    let response = request
        .finish(reader::accept(endpoint, read))
        .map_err(|source| Error::Invalid { endpoint, source })
        .and_then(|request| {
            let secrets = Secrets::of_request(&request);
            let mut response = transport.send(request).map_err(|error| Error::from_transport(endpoint, error))?;
            secrets.note(&mut response);
            Ok(response)
        });
    reader::read(endpoint, response, read)
}

macro_rules! transport_behind {
    ($($pointer:ty),*) => {$(
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn send(&self, request: Request) -> Result<Response, TransportError> {
                (**self).send(request)
            }
        }
    )*};
}
transport_behind!(&T, Box<T>, Arc<T>);

/// A transport in memory has nothing to wait for: it serves both kinds.
impl Transport for MemoryTransport {
    fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.respond(&request)
    }
}

/// Makes a transport that blocks of one that is `async`: `Blocking::new(ReqwestTransport::builder(…).build()?)?`.
///
/// A clone shares the thread that the I/O runs on; the thread ends with the last of them.
pub struct Blocking<T> {
    transport: Arc<T>,
    runtime: Arc<Runtime>,
}

impl<T: crate::Transport + 'static> Blocking<T> {
    /// Starts the thread that the I/O runs on.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Client`], if the system gives no thread or no event queue.
    pub fn new(transport: T) -> Result<Self, ConfigError> {
        let runtime = Runtime::start().map_err(|source| ConfigError::Client {
            what: "the thread for blocking calls can't be started",
            source: source.into(),
        })?;
        Ok(Self { transport: Arc::new(transport), runtime: Arc::new(runtime) })
    }
}

impl<T: crate::Transport + 'static> Transport for Blocking<T> {
    fn send(&self, request: Request) -> Result<Response, TransportError> {
        if self.runtime.is_this_thread() {
            // It would wait for itself for ever.
            let rule = "a blocking call was made by the transport that carries it out; use the `async` kind there";
            return Err(TransportError::not_sent(TransportErrorKind::Refused).with_source(rule));
        }
        let (give, take) = mpsc::sync_channel(1);
        let transport = Arc::clone(&self.transport);
        self.runtime.handle.spawn(async move {
            // Nobody waits any more only where the waiting thread is gone too.
            let _nobody_waits = give.send(transport.send(request).await);
        });
        take.recv().unwrap_or_else(|mpsc::RecvError| {
            Err(TransportError::sent(TransportErrorKind::Interrupted).with_source("the transport panicked"))
        })
    }
}

/// Derived, it would ask for `T: Clone`, which is not cloned.
impl<T> Clone for Blocking<T> {
    fn clone(&self) -> Self {
        Self { transport: Arc::clone(&self.transport), runtime: Arc::clone(&self.runtime) }
    }
}

impl<T: fmt::Debug> fmt::Debug for Blocking<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Blocking").field(&self.transport).finish()
    }
}

/// A thread with a tokio runtime, which ends when this is dropped: also within another runtime, where a runtime itself must
/// not be dropped.
struct Runtime {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Runtime {
    fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("courier-blocking".to_owned()).spawn(move || {
            // Nothing is ever sent: what comes is the error that the other end was closed.
            let _closed = runtime.block_on(stopped);
            // Whoever drops the last client does not wait for a look-up of a name that nobody needs any more.
            runtime.shutdown_background();
        })?;
        Ok(Self { handle, stop: Some(stop), thread: Some(thread) })
    }
}

impl Runtime {
    fn is_this_thread(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.thread().id() == std::thread::current().id())
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.stop = None;
        let is_this_thread = self.is_this_thread();
        if let Some(thread) = self.thread.take().filter(|_| !is_this_thread) {
            // It ends at once, for no call is on its way: each holds this alive while it waits.
            let _panicked = thread.join();
        }
    }
}

/// A [`Courier`](crate::Courier) whose calls block.
///
/// ```no_run
/// use courier_core::blocking::Courier;
/// use courier_core::messages::blocking::Messages;
///
/// let courier = Courier::from_env()?;
/// let message = courier.cancel("1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f")?.into_ok()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Courier(Blocking<crate::Courier>);

impl Courier {
    /// As [`Courier::new`](crate::Courier::new).
    ///
    /// # Errors
    ///
    /// [`ConfigError`], if the key can't be one, or TLS or the thread can't be set up.
    pub fn new(api_key: impl AsRef<str>) -> Result<Self, ConfigError> {
        Self::from_async(crate::Courier::new(api_key)?)
    }

    /// As [`Courier::from_env`](crate::Courier::from_env).
    ///
    /// # Errors
    ///
    /// [`ConfigError`], if the key is missing, or one of the settings is not usable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_async(crate::Courier::from_env()?)
    }

    /// A client with settings of its own: `Courier::from_async(courier_core::Courier::builder().….build()?)`.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Client`], if the thread can't be started.
    pub fn from_async(courier: crate::Courier) -> Result<Self, ConfigError> {
        Blocking::new(courier).map(Self)
    }
}

impl Transport for Courier {
    fn send(&self, request: Request) -> Result<Response, TransportError> {
        self.0.send(request)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, OnceLock, Weak};

    use super::*;
    use crate::transport::BoxFuture;

    struct Panicking;

    impl crate::Transport for Panicking {
        fn inner(&self) -> Option<&dyn crate::Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async { panic!("on purpose") })
        }
    }

    #[test]
    fn a_panic_on_the_other_thread_is_an_error_here() {
        let blocking = Blocking::new(Panicking).expect("a thread");
        let error = blocking.send(Request::default()).expect_err("the transport panicked");
        assert_eq!(error.kind(), TransportErrorKind::Interrupted);
        // The thread lives on.
        blocking.send(Request::default()).expect_err("again");
    }

    #[test]
    fn a_transport_that_cannot_be_cloned_is_shared_by_clones_all_the_same() {
        let blocking = Blocking::new(Panicking).expect("a thread");
        assert!(Arc::ptr_eq(&blocking.clone().transport, &blocking.transport));
    }

    /// One that asks for a token with a blocking call of its own.
    #[derive(Debug)]
    struct Nested(OnceLock<Blocking<MemoryTransport>>, OnceLock<Weak<Blocking<Self>>>);

    impl crate::Transport for Nested {
        fn inner(&self) -> Option<&dyn crate::Transport> {
            None
        }

        fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            Box::pin(async move {
                self.0.get().expect("another client").send(Request::default()).expect("another thread's answer");
                self.1.get().and_then(Weak::upgrade).expect("the client itself").send(request)
            })
        }
    }

    #[test]
    fn a_blocking_call_on_the_thread_that_carries_it_out_is_refused_and_no_deadlock() {
        let client = Arc::new(Blocking::new(Nested(OnceLock::new(), OnceLock::new())).expect("a thread"));
        let other = Blocking::new(MemoryTransport::new().answer(204, "")).expect("a thread");
        client.transport.0.set(other).expect("empty");
        client.transport.1.set(Arc::downgrade(&client)).expect("empty");
        let error = client.send(Request::default()).expect_err("it would wait for itself");
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, false));
    }

    /// One that looks up a name until it is told one, and answers all the same.
    struct Slow(Mutex<Option<mpsc::Receiver<()>>>);

    impl crate::Transport for Slow {
        fn inner(&self) -> Option<&dyn crate::Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            let name = self.0.lock().expect("no panic").take().expect("one request");
            Box::pin(async move {
                let (tell, started) = oneshot::channel();
                tokio::task::spawn_blocking(move || {
                    tell.send(()).expect("it is waited for");
                    name.recv().expect("the test ends it");
                });
                started.await.expect("the look-up begins");
                Ok(Response::default())
            })
        }
    }

    #[test]
    fn a_look_up_that_goes_on_does_not_hold_up_the_end() {
        let (found, name) = mpsc::sync_channel::<()>(1);
        let client = Blocking::new(Slow(Mutex::new(Some(name)))).expect("a thread");
        client.send(Request::default()).expect("an answer");
        drop(client);
        found.send(()).expect("the look-up was still going on");
    }

    #[test]
    fn the_thread_ends_with_the_last_clone_within_a_runtime_too() {
        let outer = Builder::new_current_thread().build().expect("a runtime");
        outer.block_on(async {
            let first = Blocking::new(MemoryTransport::new().answer(204, "")).expect("a thread");
            let second = first.clone();
            drop(first);
            second.send(Request::default()).expect("an answer");
            let thread = Arc::downgrade(&second.runtime);
            drop(second);
            assert!(thread.upgrade().is_none());
        });
    }
}
