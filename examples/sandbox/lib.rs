//! A local Courier: an HTTP server in memory, for examples and tests that need no account and no network.
//!
//! It answers as the real service does: 401 without a bearer key, 404 for an unknown message, 200 with the record for a
//! message that is cancelled in time, 409 with the record for one that has come too far. Any key is accepted. It
//! listens on the loopback address alone.
//!
//! It knows the messages resource:
//!
//! | request | answer |
//! |---|---|
//! | `GET /messages` | the messages that the query asks for, newest first, page by page |
//! | `GET /messages/{id}` | the record, and its provider once the message is routed |
//! | `GET /messages/{id}/output` | what the recipient sees; nothing before the message is routed |
//! | `GET /messages/{id}/history` | an event for each status that the message has had; `?type=` picks one |
//! | `POST /messages/{id}/cancel` | the record, cancelled or not |
//! | `POST /messages/{id}/resend` | the id of a new message to the same recipient |
//! | `PUT /requests/{id}/archive` | nothing; the list leaves the message out from then on |
//!
//! Every message has one recipient, so that its id is the id of its request too.
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

/// A local Courier that is running. Dropping it stops it.
///
/// It runs in the tokio runtime that it was started in, and its messages are gone with it.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    store: Arc<Store>,
    /// The server runs as long as this end of the channel is open.
    running: oneshot::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// The time that a message takes for a step of its journey, unless [`with_pace`](Self::with_pace) gives another:
    /// 1.5 seconds, so that a person can win the race against a delivery.
    pub const PACE: Duration = Duration::from_millis(1500);

    /// How many messages a page of the list has at the most, unless [`with_page_size`](Self::with_page_size) gives
    /// another number: 10, as [Courier has it](https://www.courier.com/docs/reference/logs).
    pub const PAGE_SIZE: usize = 10;

    /// Starts one on a free port.
    ///
    /// # Errors
    ///
    /// If this machine has no free port to listen on.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(0).await
    }

    /// Starts one on this port; 0 stands for a free one.
    ///
    /// # Errors
    ///
    /// [`AddrInUse`](io::ErrorKind::AddrInUse) if something else listens there,
    /// [`PermissionDenied`](io::ErrorKind::PermissionDenied) if the port is reserved for the system.
    pub async fn start_on(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let store = Arc::new(Store::new(Self::PACE, Self::PAGE_SIZE));
        let (running, stopped) = oneshot::channel();
        let server = axum::serve(listener, routes::router(Arc::clone(&store))).with_graceful_shutdown(async {
            // Nothing is ever sent: what comes is the error that the other end was closed.
            let _closed = stopped.await;
        });
        Ok(Self { address, store, running, server: tokio::spawn(server.into_future()) })
    }

    /// Sets the time that a message takes for a step of its journey, from here on. With a pace of zero a message is
    /// delivered as soon as it is sent.
    #[must_use]
    pub fn with_pace(self, pace: Duration) -> Self {
        self.store.set_pace(pace);
        self
    }

    /// Sets how many messages a page of the list has at the most, from here on.
    ///
    /// # Panics
    ///
    /// If it is 0: such a list would never come to its end.
    #[must_use]
    pub fn with_page_size(self, messages: usize) -> Self {
        assert_ne!(messages, 0, "a page has at least one message");
        self.store.set_page_size(messages);
        self
    }

    /// The URL to give to a client: `http://127.0.0.1:49152`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts a message here in the state that it has, in place of one with the same id. It stays as it is until a
    /// request changes it.
    ///
    /// Its history is what its timestamps tell; a status that has none is said to have come just now.
    pub fn place(&self, details: MessageDetails) {
        self.place_with(details, Attributes::new());
    }

    /// As [`place`](Self::place), for a message that was sent with these attributes: a list can be filtered by them.
    pub fn place_with(&self, details: MessageDetails, attributes: Attributes) {
        self.store.place(details, attributes);
    }

    /// Sends a new message to `recipient`. It is `ENQUEUED`, and moves on by itself: `ROUTED`, `SENT`, `DELIVERED`,
    /// one [pace](Self::PACE) for each.
    ///
    /// The time is tokio's: a test moves messages with `tokio::time::pause`, `advance` and `resume`. Resume before a
    /// call: a paused clock jumps to the next timer, which is the client's timeout.
    #[must_use = "the message can't be found again without its id"]
    pub fn send(&self, recipient: &str) -> MessageDetails {
        self.send_with(recipient, Attributes::new())
    }

    /// As [`send`](Self::send), with attributes that a list can be filtered by.
    #[must_use = "the message can't be found again without its id"]
    pub fn send_with(&self, recipient: &str, attributes: Attributes) -> MessageDetails {
        self.store.send(recipient, attributes)
    }

    /// Adds a message to `recipient` that has its whole journey behind it: `DELIVERED` just now.
    #[must_use = "the message can't be found again without its id"]
    pub fn deliver(&self, recipient: &str) -> MessageDetails {
        self.store.deliver(recipient)
    }

    /// The message as it is now; `None` if there is none with this id.
    #[must_use]
    pub fn message(&self, id: &str) -> Option<MessageDetails> {
        self.store.message(id).map(MessageDetails::from)
    }

    /// Runs until `shutdown` is ready, then stops: requests that have begun are answered, within a second.
    pub async fn serve_until(self, shutdown: impl Future<Output = ()>) {
        /// A client that stops in the middle of a request must not keep the process from ending.
        const GRACE: Duration = Duration::from_secs(1);

        shutdown.await;
        drop(self.running);
        // Whether it ended in time or not, it is over.
        let _ended = timeout(GRACE, self.server).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n";

    /// A connection that was used and is kept open, as a client's pool does.
    async fn idle_connection(sandbox: &Sandbox) -> TcpStream {
        let mut connection = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
        connection.write_all(REQUEST).await.expect("a server that reads");
        let mut answer = [0; 4096];
        let length = connection.read(&mut answer).await.expect("a server that answers");
        assert!(answer[..length].starts_with(b"HTTP/1.1 401"));
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
    async fn serve_until_ends_with_its_signal_even_if_a_client_stops_in_the_middle_of_a_request() {
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
    #[should_panic(expected = "a page has at least one message")]
    async fn a_page_has_a_message() {
        let _sandbox = Sandbox::start().await.expect("a free port").with_page_size(0);
    }

    #[tokio::test]
    async fn it_listens_on_loopback_alone_and_a_port_has_one_sandbox() {
        let sandbox = Sandbox::start().await.expect("a free port");
        assert!(sandbox.address().ip().is_loopback());
        assert_eq!(sandbox.base_url(), format!("http://127.0.0.1:{}", sandbox.address().port()));
        let error = Sandbox::start_on(sandbox.address().port()).await.expect_err("the port is taken");
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    }
}
