//! Where a connection goes: a host with its port, and the addresses of that host.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::net::lookup_host;

/// A host, as a URL names it.
#[derive(Clone)]
pub(super) struct Destination {
    /// A name or an address. An IPv6 address is without its brackets.
    host: String,
    /// The port that the URL has.
    port: Option<u16>,
    /// The port of its scheme.
    default_port: u16,
}

/// The addresses that are set for hosts.
pub(super) type Fixed = [(String, Vec<SocketAddr>)];

impl Destination {
    pub(super) fn new(host: &str, port: Option<u16>, default_port: u16) -> Self {
        let without_brackets = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        Self { host: without_brackets.unwrap_or(host).to_owned(), port, default_port }
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port.unwrap_or(self.default_port)
    }

    /// The addresses to connect to, in order of preference. The URL's port counts, or else a fixed address's, or else the scheme's.
    ///
    /// # Errors
    ///
    /// Returns the error of the DNS lookup.
    pub(super) async fn addresses(&self, fixed: &Fixed) -> io::Result<Vec<SocketAddr>> {
        if let Some((_, addresses)) = fixed.iter().find(|(host, _)| *host == self.host) {
            return Ok(addresses.iter().map(|&address| self.with_port(address)).collect());
        }
        if is_localhost(&self.host) {
            let loopback = [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
            return Ok(loopback.map(|address| SocketAddr::new(address, self.port())).to_vec());
        }
        Ok(lookup_host((&*self.host, self.port())).await?.collect())
    }

    /// Keeps the rest of an address: an IPv6 one may have a scope.
    fn with_port(&self, mut address: SocketAddr) -> SocketAddr {
        if self.port.is_some() || address.port() == 0 {
            address.set_port(self.port());
        }
        address
    }
}

/// The authority of a URL with this host, with the port in any case.
impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = (self.host(), self.port());
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Whether a name always means this machine ([RFC 6761, 6.3](https://www.rfc-editor.org/rfc/rfc6761#section-6.3)).
fn is_localhost(host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host);
    host == "localhost" || host.ends_with(".localhost")
}
