//! A connection while a call uses it.

use std::sync::{Arc, Weak};

use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::super::dial::Protocol;
use super::connection::{Connection, Resumed};
use super::connections::Connections;
use super::failure::{Failure, is_unsent};
use super::http1::Room;
use crate::transport::failure;
use crate::transport::keep_alive;
use crate::transport::origin::upload::Outgoing;

/// A connection that a call uses. Dropping it before the response's head has been read closes the connection, unless others share
/// it.
pub(super) struct Lease {
    connections: Weak<Connections>,
    /// `None` once it was returned.
    connection: Option<Connection>,
    /// Whether the response's head has been read.
    is_answered: bool,
    /// Whether the connection isn't used for another call.
    pub(super) is_last: bool,
    /// The call's part of the connections that there may be, if that is limited.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Connections {
    /// A connection for one call, if one is idle or shared, and certain to be usable. It may return one that isn't certain, for
    /// [`lease`](Self::lease).
    pub(super) fn lease_at_once(self: &Arc<Self>, room: Room) -> Result<Lease, Option<Connection>> {
        if self.permits.is_some() {
            return Err(None);
        }
        match self.take(room) {
            Some(connection) if connection.is_certainly_fresh() => Ok(Lease::new(self, connection, None)),
            uncertain => Err(uncertain),
        }
    }

    /// A connection for one call: this one if it is usable, another one, or a new one.
    pub(super) async fn lease(
        self: &Arc<Self>,
        room: Room,
        mut uncertain: Option<Connection>,
    ) -> Result<Lease, Failure> {
        let permit = match &self.permits {
            None => None,
            Some(permits) => {
                // Calls that share a connection don't wait.
                #[cfg(feature = "http2")]
                if let Some(connection) = self.take_shared() {
                    if connection.is_fresh().await {
                        return Ok(Lease::new(self, Connection::Http2(connection), None));
                    }
                }
                Some(self.permit(permits).await?)
            }
        };
        while let Some(mut connection) = uncertain.take().or_else(|| self.take(room)) {
            if connection.is_fresh().await {
                return Ok(Lease::new(self, connection, permit));
            }
        }
        let opened = timeout(self.server.limits.connect_timeout, self.connect(room)).await;
        let connection = opened.unwrap_or(Err(Failure::ConnectTimeout))?;
        Ok(Lease::new(self, connection, permit))
    }

    /// Waits until there may be one more connection, in the order of the calls.
    async fn permit(&self, permits: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Failure> {
        match timeout(self.server.limits.free_timeout, Arc::clone(permits).acquire_owned()).await {
            Ok(permit) => Ok(permit.expect("it is never closed")),
            Err(_) => Err(Failure::NoneFree),
        }
    }
}

impl Lease {
    pub(super) fn new(
        connections: &Arc<Connections>,
        connection: Connection,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let permit = match &connection {
            Connection::Http1(..) => permit,
            #[cfg(feature = "http2")]
            Connection::Http2(connection) => {
                connection.pauses.begin();
                // Shared by all calls, it is a single one.
                permit.filter(|_| !connections.shares())
            }
        };
        Self {
            connections: Arc::downgrade(connections),
            connection: Some(connection),
            is_answered: false,
            is_last: false,
            _permit: permit,
        }
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.connection.as_ref().map_or(Protocol::Http1, Connection::protocol)
    }

    pub(super) fn connection_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("it is returned after the response")
    }

    pub(super) fn connections(&self) -> Option<Arc<Connections>> {
        self.connections.upgrade()
    }

    /// Whether there was a response over the connection before.
    pub(super) fn has_worked(&self) -> bool {
        match &self.connection {
            Some(Connection::Http1(_, resumed)) => resumed.is_some(),
            #[cfg(feature = "http2")]
            Some(Connection::Http2(connection)) => connection.counts.has_worked(),
            None => false,
        }
    }

    /// Sends a request, which is taken out. If the error gives it back, nothing of it was sent.
    pub(super) async fn send(
        &mut self,
        request: &mut Option<Request<Outgoing>>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Outgoing>>> {
        let request = request.take().expect("it is sent once");
        // It is handed over before the first `await`, so that this future doesn't contain it.
        match self.connection_mut() {
            Connection::Http1(connection, _) => {
                let response = connection.sender.try_send_request(request);
                response.await
            }
            #[cfg(feature = "http2")]
            Connection::Http2(connection) => {
                let response = connection.sender().try_send_request(request);
                response.await
            }
        }
    }

    /// Notes the head of a response. Returns whether the connection can be used again.
    pub(super) fn answered(&mut self, response: &Response<Incoming>) -> bool {
        match &self.connection {
            Some(Connection::Http1(..)) if response.version() == Version::HTTP_11 => {
                let timeout = keep_alive::timeout(response.headers());
                if let Some((timeout, connections)) = timeout.zip(self.connections.upgrade()) {
                    connections.server.keep_idle_for(timeout);
                }
            }
            #[cfg(feature = "http2")]
            Some(Connection::Http2(connection)) => connection.counts.answered(),
            _ => {}
        }
        // After this status, it isn't a connection of HTTP any more.
        self.is_answered = response.status() != StatusCode::SWITCHING_PROTOCOLS && !self.is_last;
        self.is_answered
    }

    /// Notes that the connection ended under a request.
    pub(super) fn lost(self, error: hyper::Error, was_given_back: bool) -> Failure {
        let connections = self.connections.upgrade().filter(|_| !failure::is_of_stream(&error));
        let (idle_timeout, is_of_shared_connection) = match (&self.connection, &connections) {
            (Some(Connection::Http1(_, Some(Resumed { pause, at }))), Some(_)) => {
                (keep_alive::timeout_after_loss(*pause, at.elapsed()), false)
            }
            #[cfg(feature = "http2")]
            (Some(Connection::Http2(connection)), Some(connections)) => {
                let idle_timeout = connection.pauses.timeout_after_loss();
                let had_worked = connection.counts.lost(idle_timeout.is_some());
                if had_worked {
                    connections.replace(connection);
                }
                (idle_timeout, had_worked)
            }
            _ => (None, false),
        };
        if let (Some(timeout), Some(connections)) = (idle_timeout, connections) {
            connections.server.keep_idle_for(timeout);
        }
        Failure::Lost { is_unsent: was_given_back || is_unsent(&error), error, is_of_shared_connection }
    }

    /// Closes the connection, unless others share it: the response has no end, or an unclear one.
    pub(super) fn fail(mut self) {
        self.is_answered = false;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        match self.connection.take() {
            // The body has ended, or has been dropped. Then hyper reads the rest if it has arrived already, and closes the connection
            // otherwise.
            Some(Connection::Http1(connection, _)) if self.is_answered => {
                if let Some(connections) = self.connections.upgrade() {
                    connections.put(connection);
                }
            }
            Some(Connection::Http1(connection, _)) => connection.abort(),
            #[cfg(feature = "http2")]
            Some(Connection::Http2(connection)) => connection.pauses.end(),
            None => {}
        }
    }
}
