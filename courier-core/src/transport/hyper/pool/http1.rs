//! A connection over HTTP/1, for one call at a time.

use std::time::Duration;

use hyper::client::conn::http1::{Builder, SendRequest};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::super::dial::Probe;
use crate::transport::connector::Io;
use crate::transport::origin::upload::Outgoing;
use crate::transport::runtime;

/// The most headers of a response; hyper's default is 100. hyper allocates room for all of them each time, 32 KiB twice. From 64 KiB
/// on, the allocator asks the system for memory and takes a hundred times as long.
const MAX_HEADERS: usize = 1024;
/// How long a call waits until hyper has finished with the response before. That takes microseconds, unless the machine is very busy,
/// or the server still hasn't read the request to which it responded.
const SETTLING: Duration = Duration::from_millis(50);

/// A connection. Dropping it while nothing is sent or received closes it in order, and otherwise at once.
pub(super) struct Http1 {
    pub(super) sender: SendRequest<Outgoing>,
    probe: Option<Probe>,
    task: AbortHandle,
}

impl Http1 {
    /// Begins HTTP/1 on a connection, which a task of its own reads and writes from now on.
    pub(super) async fn begin(io: Io, probe: Option<Probe>) -> Result<Self, hyper::Error> {
        let (sender, connection) = Builder::new().max_headers(MAX_HEADERS).handshake(io).await?;
        let task = tokio::spawn(async move {
            // The call gets the error.
            connection.await.ok();
        });
        Ok(Self { sender, probe, task: task.abort_handle() })
    }

    /// Whether it is certain that the server hasn't closed the connection, and that nothing has arrived unasked, which would pass for
    /// the response.
    pub(super) async fn is_fresh(&mut self) -> bool {
        if self.sender.is_ready() && self.is_quiet() {
            return true;
        }
        if self.sender.is_closed() {
            return false;
        }
        // Let the connection's task read what has arrived: it may be a part of TLS and no response.
        runtime::yield_now().await;
        if !self.sender.is_ready() {
            let settled = timeout(SETTLING, self.sender.ready()).await;
            if !matches!(settled, Ok(Ok(()))) {
                return false;
            }
        }
        self.is_quiet() || self.probe.is_none()
    }

    /// Closes the connection at once.
    pub(super) fn abort(&self) {
        self.task.abort();
    }

    /// Whether it is certain that nothing has happened that the connection's task hasn't seen.
    fn is_quiet(&self) -> bool {
        self.probe.as_ref().is_some_and(Probe::is_quiet)
    }
}

impl Drop for Http1 {
    fn drop(&mut self) {
        // hyper would first finish writing what the server may never read.
        if !self.sender.is_ready() {
            self.task.abort();
        }
    }
}
