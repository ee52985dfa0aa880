//! Opens a connection to the server: TCP or a Unix socket or an own connector, a proxy if there is one, and TLS.
//!
//! There is no timeout here: whoever awaits a dial limits it, and closes all of its sockets by dropping it.

mod destination;
mod failure;
mod socket;
mod tcp;

use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;

use self::destination::Destination;
pub(super) use self::failure::DialError;
use self::failure::Stage;
#[cfg(test)]
pub(super) use self::socket::probed;
pub(super) use self::socket::{Io, Probe};
use self::tcp::Tcp;

/// Opens connections, each the same way.
#[derive(Debug)]
pub(super) struct Dialer {
    server: Destination,
    fixed: Vec<(String, Vec<SocketAddr>)>,
    tcp: Tcp,
    #[cfg(unix)]
    unix_socket: Option<PathBuf>,
}

/// A connection that was opened.
pub(super) struct Dialed {
    pub(super) io: Io,
    /// `None` for an own connector, whose streams may have no socket.
    pub(super) probe: Option<Probe>,
    pub(super) protocol: Protocol,
}

/// The version of HTTP that both sides agreed on, or that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    #[cfg(feature = "http2")]
    Http2,
}

impl Dialer {
    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// Returns [`DialError`], which says how far it came and why no further. Nothing of a request was sent.
    pub(super) async fn dial(&self) -> Result<Dialed, DialError> {
        let (io, probe) = self.open().await.map_err(|error| DialError::of_server(Stage::Socket, error))?;
        Ok(Dialed { io, probe: Some(probe), protocol: Protocol::Http1 })
    }

    async fn open(&self) -> std::io::Result<(Io, Probe)> {
        let addresses = self.server.addresses(&self.fixed).await?;
        Ok(socket::probed(self.tcp.connect(addresses).await?))
    }
}
