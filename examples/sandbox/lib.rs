//! A local Courier: an in-memory HTTP server for examples and tests that need no account and no network.
//!
//! It responds like the real service: 401 without a bearer key, 404 for an unknown message, 200 with the record if a
//! message is cancelled in time, and 409 with the record if it is too late. It accepts any key, and listens only on the
//! loopback address.
//!
//! It serves the messages resource:
//!
//! | request | response |
//! |---|---|
//! | `GET /messages` | the messages that match the query, newest first, page by page |
//! | `GET /messages/{id}` | the record, and its provider once the message is routed |
//! | `GET /messages/{id}/output` | what the recipient sees; empty until the message is routed |
//! | `GET /messages/{id}/history` | one event for each status that the message has had; `?type=` selects a type |
//! | `POST /messages/{id}/cancel` | the record, cancelled or unchanged |
//! | `POST /messages/{id}/resend` | the id of a new message to the same recipient |
//! | `PUT /requests/{id}/archive` | no content; the list no longer contains the message |
//!
//! Every message has one recipient, so its id is also the id of its request.
//!
//! With the feature `files`, it also keeps files, in the system's temporary folder:
//!
//! | request | response |
//! |---|---|
//! | `PUT /files/{name}` | no content (201 for a new file), with the file's `etag` and `repr-digest` |
//! | `GET /files/{name}` | the file, or the part that `range` asks for unless `if-range` names another version |
//!
//! ```
//! use courier_core::Courier;
//! use courier_core::messages::{Cancellation, MessageStatus, Messages};
//! use courier_sandbox::Sandbox;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let sandbox = Sandbox::start().await?;
//! let courier = Courier::builder().api_key("any").base_url(sandbox.base_url()).build()?;
//!
//! let message = sandbox.send("ada");
//! assert!(matches!(courier.cancel(&message.id).await?, Cancellation::Ok(_)));
//! assert_eq!(sandbox.message(&message.id).map(|details| details.status), Some(MessageStatus::Canceled));
//! # Ok(())
//! # }
//! ```

mod attributes;
mod clock;
mod cursor;
#[cfg(feature = "files")]
mod files;
mod history;
mod provider;
mod query;
mod record;
mod routes;
mod store;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use courier_core::messages::MessageDetails;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use crate::attributes::Attributes;
use crate::store::Store;

/// A running local Courier. Dropping it stops the server and discards its messages.
///
/// It runs on the tokio runtime that started it.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    store: Arc<Store>,
    /// The server runs while this end of the channel is open.
    running: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// The default duration of each step of a message's journey: 1.5 seconds, so that a person can win the race against
    /// a delivery. [`with_pace`](Self::with_pace) changes it.
    pub const PACE: Duration = Duration::from_millis(1500);

    /// The default maximum number of messages per page of the list: 10,
    /// [as in Courier](https://www.courier.com/docs/reference/logs). [`with_page_size`](Self::with_page_size) changes
    /// it.
    pub const PAGE_SIZE: usize = 10;

    /// Starts a local Courier on a free port.
    ///
    /// # Errors
    ///
    /// If no port is free.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts a local Courier on this port. Port 0 chooses a free one.
    ///
    /// # Errors
    ///
    /// [`AddrInUse`](io::ErrorKind::AddrInUse) if the port is in use,
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied) if the port is reserved for the system.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let store = Arc::new(Store::new(Self::PACE, Self::PAGE_SIZE));
        let (running, stopped) = oneshot::channel();
        let server = axum::serve(listener, routes::router(Arc::clone(&store))).with_graceful_shutdown(async {
            // Nothing is ever sent: this completes when the other end is dropped.
            let _closed = stopped.await;
        });
        Ok(Self { address, store, running, server: tokio::spawn(server.into_future()) })
    }

    /// Sets the duration of each step of a message's journey, for messages that are sent from now on. With a pace of
    /// zero, a message is delivered as soon as it is sent.
    #[must_use]
    pub fn with_pace(self, pace: Duration) -> Self {
        self.store.set_pace(pace);
        self
    }

    /// Sets the maximum number of messages per page of the list.
    ///
    /// # Panics
    ///
    /// If `messages` is 0: such a list would never end.
    #[must_use]
    pub fn with_page_size(self, messages: usize) -> Self {
        assert_ne!(messages, 0, "a page must hold at least one message");
        self.store.set_page_size(messages);
        self
    }

    /// The base URL for a client, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that the server listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Adds a message with this record, replacing any message with the same id. It stays unchanged until a request
    /// changes it.
    ///
    /// Its history follows from its timestamps. A status without a timestamp is recorded as reached just now.
    pub fn place(&self, details: MessageDetails) {
        self.place_with(details, Attributes::new());
    }

    /// Like [`place`](Self::place), with attributes that a list can be filtered by.
    pub fn place_with(&self, details: MessageDetails, attributes: Attributes) {
        self.store.place(details, attributes);
    }

    /// Sends a new message to `recipient`. It starts as `ENQUEUED` and becomes `ROUTED`, `SENT` and `DELIVERED`, one
    /// step per [pace](Self::PACE).
    ///
    /// Messages follow tokio's clock: a test moves them with `tokio::time::pause`, `advance` and `resume`. Resume before
    /// making a call: a paused clock jumps to the next timer, which is the client's timeout.
    #[must_use = "without its id, the message can't be found"]
    pub fn send(&self, recipient: &str) -> MessageDetails {
        self.send_with(recipient, Attributes::new())
    }

    /// Like [`send`](Self::send), with attributes that a list can be filtered by.
    #[must_use = "without its id, the message can't be found"]
    pub fn send_with(&self, recipient: &str, attributes: Attributes) -> MessageDetails {
        self.store.send(recipient, attributes)
    }

    /// Adds a message to `recipient` that has completed its journey: it was `DELIVERED` just now.
    #[must_use = "without its id, the message can't be found"]
    pub fn deliver(&self, recipient: &str) -> MessageDetails {
        self.store.deliver(recipient)
    }

    /// The current record of the message, or `None` if no message has this id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<MessageDetails> {
        self.store.message(id).map(MessageDetails::from)
    }

    /// Runs until `shutdown` completes, then stops. Requests in progress have one second to finish.
    pub async fn serve_until(self, shutdown: impl Future<Output = ()>) {
        /// A client that stalls in the middle of a request must not keep the process alive.
        const GRACE: Duration = Duration::from_secs(1);

        shutdown.await;
        drop(self.running);
        // Stop waiting even if the server hasn't ended.
        let _ended = timeout(GRACE, self.server).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

    /// A connection that stays open after use, as in a client's pool.
    async fn idle_connection(sandbox: &Sandbox) -> TcpStream {
        let mut connection = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
        connection.write_all(REQUEST).await.expect("a server that reads");
        let mut response = [0; 4096];
        let length = connection.read(&mut response).await.expect("a response");
        assert!(response[..length].starts_with(b"HTTP/1.1 401"));
        connection
    }

    async fn is_closed(mut connection: TcpStream) -> bool {
        matches!(timeout(Duration::from_secs(5), connection.read(&mut [0; 1])).await, Ok(Ok(0)))
    }

    #[tokio::test]
    async fn a_dropped_sandbox_closes_its_connections_and_frees_its_port() {
        let sandbox = Sandbox::start().await.expect("a free port");
        let address = sandbox.address();
        let connection = idle_connection(&sandbox).await;

        drop(sandbox);
        assert!(is_closed(connection).await);
        Sandbox::start_on(address.port()).await.expect("the port is free again");
    }

    #[tokio::test]
    async fn serve_until_ends_on_its_signal_even_if_a_client_stalls_in_the_middle_of_a_request() {
        let sandbox = Sandbox::start().await.expect("a free port");
        let mut stuck = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
        stuck.write_all(&REQUEST[..20]).await.expect("a server that reads");
        let idle = idle_connection(&sandbox).await;

        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(sandbox.serve_until(async { stopped.await.expect("the signal") }));
        assert!(!serving.is_finished());
        stop.send(()).expect("a server that waits for the signal");
        assert!(is_closed(idle).await);
        timeout(Duration::from_secs(5), serving).await.expect("it ends").expect("no panic");
    }

    #[tokio::test]
    #[should_panic(expected = "a page must hold at least one message")]
    async fn a_page_size_of_zero_panics() {
        let _sandbox = Sandbox::start().await.expect("a free port").with_page_size(0);
    }

    #[tokio::test]
    async fn it_listens_only_on_loopback_and_refuses_a_port_in_use() {
        let sandbox = Sandbox::start().await.expect("a free port");
        assert!(sandbox.address().ip().is_loopback());
        assert_eq!(sandbox.base_url(), format!("http://127.0.0.1:{}", sandbox.address().port()));
        let error = Sandbox::start_on(sandbox.address().port()).await.expect_err("the port is taken");
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }
}
