//! A connection over HTTP/2, which calls share.

use std::sync::Arc;
use std::time::Duration;

use hyper::client::conn::http2::{Builder, SendRequest};
use hyper_util::rt::TokioTimer;
use tokio::time::{Instant, sleep};

use super::super::dial::Probe;
use super::http2_tasks::Tasks;
use crate::transport::connector::Io;
use crate::transport::keep_alive::Pauses;
use crate::transport::origin::upload::Outgoing;
use crate::transport::protocols::{MAX_HEAD_BYTES, PING_INTERVAL, PING_TIMEOUT};
use crate::transport::request_limit::{Counts, Learned};
use crate::transport::runtime;

/// How long a call waits until the connection's task has read what arrived while no call used the connection. That takes
/// microseconds, unless the machine is very busy.
const READING: Duration = Duration::from_millis(50);

/// A connection. It is closed when the last call that uses it has ended.
pub(super) struct Http2 {
    sender: SendRequest<Outgoing>,
    probe: Option<Probe>,
    pub(super) pauses: Pauses,
    pub(super) counts: Counts,
}

impl Http2 {
    /// Begins HTTP/2 on a connection, which tasks of its own read and write from now on.
    pub(super) async fn begin(io: Io, probe: Option<Probe>, learned: &Arc<Learned>) -> Result<Self, hyper::Error> {
        let tasks = Tasks::default();
        let (sender, connection) = Builder::new(tasks.clone())
            .timer(TokioTimer::new())
            .max_header_list_size(MAX_HEAD_BYTES)
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .handshake(io)
            .await?;
        // The calls get the error.
        tasks.begin(connection);
        Ok(Self { sender, probe, pauses: Pauses::new(), counts: Counts::new(learned) })
    }

    /// A handle for one request.
    pub(super) fn sender(&self) -> SendRequest<Outgoing> {
        self.sender.clone()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether it is certain without a wait that the server hasn't ended the connection.
    pub(super) fn is_certainly_fresh(&self) -> bool {
        self.probe.as_ref().is_some_and(Probe::is_quiet) && !self.is_closed()
    }

    /// The same, as far as is known after the connection's task has read what has arrived. If no call uses the connection, only its
    /// end or a message like `PING` can have arrived, so it is worth a wait to know which.
    pub(super) async fn is_fresh(&self) -> bool {
        if !self.is_certainly_fresh() {
            // Let the connection's task read what has arrived: it may be the end of the connection.
            runtime::yield_now().await;
        }
        let noticed = Instant::now();
        while !self.is_closed() && self.pauses.is_idle() && self.is_disturbed() && noticed.elapsed() < READING {
            sleep(Duration::from_millis(1)).await;
        }
        !self.is_closed()
    }

    /// Whether something has arrived that the connection's task hasn't read.
    fn is_disturbed(&self) -> bool {
        self.probe.as_ref().is_some_and(|probe| !probe.is_quiet())
    }
}
