//! A connection over HTTP/1, for one call at a time.

use std::pin::Pin;
use std::time::Duration;

use http::Request;
use hyper::client::conn::http1::{Builder, Connection, Parts, SendRequest};
use hyper::rt::Write;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::super::dial::Probe;
use super::rereadable::{Rereadable, has_more_than_usual};
use crate::transport::origin::upload::Outgoing;
use crate::transport::protocols::MAX_HEADERS;
use crate::transport::runtime;

/// How long a call waits until hyper has finished with the response before. That takes microseconds, unless the machine is very busy,
/// or the server still hasn't read the request to which it responded.
const SETTLING: Duration = Duration::from_millis(50);

/// For how many headers of a response a connection has room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Room {
    /// [`USUAL_HEADERS`](super::rereadable::USUAL_HEADERS). A response with more can be read again: see [`many_headers`](super::many_headers).
    Usual,
    /// The most that a response may have, [`MAX_HEADERS`]. To clear that much room is a quarter of the cost of a call.
    Full,
}

impl Room {
    /// A longer body may still be on its way when its response arrives. Then, what hyper has not sent yet would be lost if the
    /// response had to be read again.
    const MAX_BODY: usize = 16 * 1024;

    /// What the response to this request needs.
    pub(super) fn of(request: &Request<Outgoing>) -> Self {
        match request.body() {
            Outgoing::Whole(bytes) if bytes.len() <= Self::MAX_BODY => Self::Usual,
            _ => Self::Full,
        }
    }

    fn builder(self) -> Builder {
        let mut builder = Builder::new();
        // A number, even of the default, would be room on the heap.
        if self == Self::Full {
            builder.max_headers(MAX_HEADERS);
        }
        builder
    }
}

/// A connection. Dropping it while nothing is sent or received closes it in order, and otherwise at once.
pub(super) struct Http1 {
    pub(super) sender: SendRequest<Outgoing>,
    pub(super) probe: Option<Probe>,
    room: Room,
    /// It ends with the connection, and has the rest of one that ended because a response needs more room.
    task: JoinHandle<Option<Parts<Rereadable>>>,
}

impl Http1 {
    /// Begins HTTP/1 on a connection, which a task of its own reads and writes from now on.
    pub(super) async fn begin(io: Rereadable, probe: Option<Probe>, room: Room) -> Result<Self, hyper::Error> {
        let (sender, connection) = room.builder().handshake(io).await?;
        Ok(Self { sender, probe, room, task: tokio::spawn(run(connection, room)) })
    }

    /// Whether it has room for this many headers.
    pub(super) fn has(&self, room: Room) -> bool {
        self.room >= room
    }

    /// Whether it is certain without a wait that the server hasn't closed the connection, and that nothing has arrived unasked, which
    /// would pass for the response.
    pub(super) fn is_certainly_fresh(&self) -> bool {
        self.sender.is_ready() && self.is_quiet()
    }

    /// The same, after a short wait if that is needed.
    pub(super) async fn is_fresh(&mut self) -> bool {
        if self.is_certainly_fresh() {
            return true;
        }
        if self.sender.is_closed() {
            return false;
        }
        // Right after a response, its connection only has to finish with it.
        if self.is_settled().await && self.is_quiet() {
            return true;
        }
        // Let the connection's task read what has arrived: it may be a part of TLS and no response. If it runs on another thread, that
        // may be busy.
        runtime::yield_now().await;
        let noticed = Instant::now();
        while self.is_settled().await {
            if self.is_quiet() || self.probe.is_none() {
                return true;
            }
            if noticed.elapsed() >= SETTLING {
                return false;
            }
            sleep(Duration::from_millis(1)).await;
        }
        false
    }

    /// Whether hyper has finished with the response before, or does so shortly.
    async fn is_settled(&mut self) -> bool {
        if !self.sender.is_ready() {
            // Usually, its task only needs its turn. A timer would cost more.
            runtime::give_way().await;
        }
        self.sender.is_ready() || matches!(timeout(SETTLING, self.sender.ready()).await, Ok(Ok(())))
    }

    /// Closes the connection at once.
    pub(super) fn abort(&self) {
        self.task.abort();
    }

    /// What is left of a connection that has ended because a response needs more room.
    pub(super) async fn rest(&mut self) -> Option<Parts<Rereadable>> {
        (&mut self.task).await.ok().flatten()
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

/// Reads and writes a connection until its end. The call gets the error.
async fn run(connection: Connection<Rereadable, Outgoing>, room: Room) -> Option<Parts<Rereadable>> {
    let mut parts = connection.without_shutdown().await.ok()?;
    if room < Room::Full && has_more_than_usual(&parts.read_buf) {
        return Some(parts);
    }
    std::future::poll_fn(|context| Pin::new(&mut parts.io).poll_shutdown(context)).await.ok();
    None
}
