//! Through a SOCKS5 proxy ([RFC 1928](https://www.rfc-editor.org/rfc/rfc1928)), with hyper-util's handshake.

use std::fmt;
use std::future::{Ready, ready};
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::client::legacy::connect::proxy::SocksV5;
use tower_service::Service;

use super::destination::Destination;
use super::failure::DialError;
use crate::transport::connector::Io;

/// How a SOCKS5 proxy is asked for a connection.
pub(super) struct Socks {
    pub(super) credentials: Option<(String, String)>,
    /// Whether the proxy looks up the server's name, and not this machine.
    pub(super) looks_up_names: bool,
}

/// The user and the password aren't shown.
impl fmt::Debug for Socks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Socks").field("looks_up_names", &self.looks_up_names).finish_non_exhaustive()
    }
}

impl Socks {
    /// Asks the proxy at the other end for a connection to the server, and returns the stream, which then leads there.
    pub(super) async fn open(&self, proxy: Io, server: &Destination) -> Result<Io, DialError> {
        let server = if self.looks_up_names { server.uri() } else { Self::address(server).await? };
        let mut handshake = SocksV5::new(Uri::from_static("http://proxy"), Opened(Some(proxy)));
        if let Some((user, password)) = self.credentials.clone() {
            handshake = handshake.with_auth(user, password);
        }
        handshake.call(server).await.map_err(DialError::server)
    }

    /// The first address of the server. Another one isn't tried, since the proxy connects to it.
    async fn address(server: &Destination) -> Result<Uri, DialError> {
        let addresses = server.addresses().await.map_err(DialError::server)?;
        let address = addresses.first().ok_or_else(|| DialError::server("the host has no address"))?;
        // A scope is one of this machine's.
        let address = SocketAddr::new(address.ip(), address.port());
        Ok(Uri::try_from(format!("http://{address}")).expect("an address is a host with a port"))
    }
}

/// The connector that hyper-util asks for the stream to the proxy, which is open already.
struct Opened(Option<Io>);

impl Service<Uri> for Opened {
    type Response = Io;
    type Error = io::Error;
    type Future = Ready<io::Result<Io>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}
