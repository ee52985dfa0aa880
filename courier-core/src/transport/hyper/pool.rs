//! The connections to one server: opened for a call, kept for the next one, and closed before the server closes them.
//!
//! A call over HTTP/1 has a connection for itself, from its request until its response has been read to the end. Calls over HTTP/2
//! share one.

mod connecting;
mod connection;
mod connections;
mod failure;
mod http1;
#[cfg(feature = "http2")]
mod http2;
#[cfg(feature = "http2")]
mod http2_tasks;
#[cfg(feature = "http2")]
mod in_turn;
mod lease;
mod many_headers;
mod opening;
mod outgoing;
mod reaper;
mod received;
mod rereadable;
mod runtimes;
mod target;
#[cfg(test)]
mod tests;
#[cfg(feature = "http2")]
mod turns;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::{Method, Request, Response};

pub(super) use self::failure::Failure;
use self::http1::Room;
pub(in crate::transport) use self::received::Received;
use self::runtimes::Runtimes;
pub(super) use self::target::Target;
use super::dial::{DialError, Dialed};
use crate::transport::BoxFuture;
use crate::transport::keep_alive::IdleTimeout;
use crate::transport::origin::upload::Outgoing;
#[cfg(feature = "http2")]
use crate::transport::request_limit;

/// Opens connections.
pub(super) trait Dial: fmt::Debug + Send + Sync {
    fn dial(&self) -> BoxFuture<'_, Result<Dialed, DialError>>;
}

/// How connections are opened and kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// How long opening a connection may take.
    pub(super) connect_timeout: Duration,
    /// How long a call waits until one of `max_connections` is free.
    pub(super) free_timeout: Duration,
    pub(super) idle_timeout: Duration,
    pub(super) max_idle: usize,
    pub(super) max_connections: Option<usize>,
    /// Whether the server may choose HTTP/2, or has to speak it. Calls can then share a connection.
    #[cfg(feature = "http2")]
    pub(super) may_be_http2: bool,
}

/// The connections of a transport.
#[derive(Debug)]
pub(super) struct Pool {
    server: Arc<Server>,
    runtimes: Runtimes,
}

/// The server, and what it has shown about its connections.
#[derive(Debug)]
struct Server {
    dialer: Box<dyn Dial>,
    target: Target,
    limits: Limits,
    idle_timeout: IdleTimeout,
    /// Whether it has sent more headers than usual.
    has_many_headers: AtomicBool,
    #[cfg(feature = "http2")]
    request_limit: Arc<request_limit::Learned>,
    /// Whether calls can't share a connection, as far as is known.
    #[cfg(feature = "http2")]
    is_unshared: AtomicBool,
}

impl Pool {
    pub(super) fn new(target: Target, limits: Limits, dialer: Box<dyn Dial>) -> Self {
        Self {
            server: Arc::new(Server {
                dialer,
                target,
                limits,
                idle_timeout: IdleTimeout::default(),
                has_many_headers: AtomicBool::new(false),
                #[cfg(feature = "http2")]
                request_limit: Arc::default(),
                #[cfg(feature = "http2")]
                is_unshared: AtomicBool::new(!limits.may_be_http2 || limits.max_idle == 0),
            }),
            runtimes: Runtimes::default(),
        }
    }

    /// Sends a request, and awaits the head of its response. Its URL is a path and a query. `may_arrive` is called with
    /// `true` before the request is passed to a connection, and with `false` if the connection gives it back.
    ///
    /// If a connection that worked for others ends before it takes the request, the request goes to another connection, once.
    ///
    /// # Errors
    ///
    /// Returns why no response arrived, and whether the request may have arrived.
    pub(super) async fn exchange(
        &self,
        request: &mut Option<Request<Outgoing>>,
        may_arrive: impl Fn(bool),
    ) -> Result<Response<Received>, Failure> {
        let connections = self.runtimes.current(&self.server);
        let sent = request.as_ref().expect("it is sent once");
        let (room, is_head) = (Room::of(sent), sent.method() == Method::HEAD);
        let mut is_second = false;
        loop {
            let mut lease = match connections.lease_at_once(room) {
                Ok(lease) => lease,
                // In a box, since few calls come here, and this future is large.
                Err(uncertain) => Box::pin(connections.lease(room, uncertain)).await?,
            };
            if let Some(request) = request {
                self.server.target.address(lease.protocol(), request);
            }
            may_arrive(true);
            let mut error = match lease.send(request).await {
                Ok(response) => return Ok(Received::response(response, lease)),
                Err(error) => error,
            };
            *request = error.take_message();
            if request.is_none() || is_second || !lease.has_worked() {
                // In a box for the same reason.
                let error = match Box::pin(lease.reread(error.into_error(), is_head)).await {
                    Ok(response) => return Ok(Received::response(response, lease)),
                    Err(error) => error,
                };
                return Err(lease.lost(error, request.is_some()));
            }
            may_arrive(false);
            is_second = true;
        }
    }
}

impl Server {
    /// How long an idle connection is kept.
    fn idle_timeout(&self) -> Duration {
        let set = self.limits.idle_timeout;
        self.idle_timeout.get().map_or(set, |learned| learned.min(set))
    }

    /// Notes how long an idle connection can be kept.
    fn keep_idle_for(&self, timeout: Duration) {
        if timeout < self.limits.idle_timeout {
            self.idle_timeout.shorten(timeout);
        }
    }
}
