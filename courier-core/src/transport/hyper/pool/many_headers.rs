//! Reads a response again that has more headers than usual.
//!
//! hyper ends a connection when a response has more headers than it has room for, but keeps what it has read. A second one with more
//! room can read that, and what follows it: as the response to a request that it writes nowhere, since the server has the request
//! already.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::Parts;

use super::http1::{Http1, Room};
use super::lease::Lease;
use crate::transport::failure;
use crate::transport::origin::upload::Outgoing;

impl Lease {
    /// Reads a response that was refused with this error, if more room is all that it needs.
    ///
    /// # Errors
    ///
    /// Returns the same error if it isn't, and otherwise why the response can't be read.
    pub(super) async fn reread(
        &mut self,
        error: hyper::Error,
        is_head: bool,
    ) -> Result<Response<Incoming>, hyper::Error> {
        if !failure::is_head_too_large(&error) {
            return Err(error);
        }
        let Some(connection) = self.connection_mut().http1() else { return Err(error) };
        let Some(Parts { io, read_buf, .. }) = connection.rest().await else { return Err(error) };
        let is_request_sent = !io.is_blocked();
        let mut next = Http1::begin(io.replaying(read_buf), connection.probe.take(), Room::Full).await?;
        let mut request = Request::new(Outgoing::Whole(Bytes::new()));
        // Only the response to a `HEAD` has another form.
        if is_head {
            *request.method_mut() = Method::HEAD;
        }
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        let response = next.sender.try_send_request(request).await;
        *connection = next;
        if !is_request_sent {
            self.is_last = true;
        }
        if let Some(connections) = self.connections() {
            connections.server.has_many_headers.store(true, Ordering::Relaxed);
        }
        response.map_err(TrySendError::into_error)
    }
}
