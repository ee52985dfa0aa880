//! Opens a connection to the server: by TCP, a Unix socket or an own connector, through a proxy if there is one, and with TLS.
//!
//! Nothing here has a timeout: whoever awaits a dial limits it, and closes all of its sockets by dropping it.

mod destination;
mod failure;
mod proxy;
mod socket;
#[cfg(feature = "socks")]
mod socks;
mod tcp;
#[cfg(feature = "__rustls")]
mod tls;
#[cfg(not(feature = "__rustls"))]
#[path = "dial/without_tls.rs"]
mod tls;
mod tunnel;

#[cfg(test)]
mod tests;

use std::io;
#[cfg(unix)]
use std::path::PathBuf;
use std::time::Duration;

use http::HeaderValue;
#[cfg(unix)]
use tokio::net::UnixStream;

use self::destination::Destination;
pub(super) use self::failure::DialError;
use self::proxy::{Proxy, Service};
pub(super) use self::socket::Probe;
#[cfg(test)]
pub(super) use self::socket::probed;
use self::tcp::Tcp;
use self::tls::Tls;
use crate::config::ConfigError;
use crate::transport::base_url::BaseUrl;
use crate::transport::connector::{Connector, Io};
use crate::transport::network::Network;
use crate::transport::protocols::Protocols;

/// After how much silence the system checks a connection, and how often it repeats that. reqwest's default.
const DEFAULT_KEEPALIVE: Duration = Duration::from_secs(15);

/// Opens connections to one server, each in the same way.
#[derive(Debug)]
pub(super) struct Dialer {
    server: Destination,
    way: Way,
    tls: Option<Tls>,
    tcp: Tcp,
    protocols: Protocols,
}

/// How the server is reached.
#[derive(Debug)]
enum Way {
    Direct,
    Proxy(Proxy),
    #[cfg(unix)]
    UnixSocket(PathBuf),
    Connector(Connector),
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

/// How a request names its target ([RFC 9112, 3.2](https://www.rfc-editor.org/rfc/rfc9112#section-3.2)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestForm<'d> {
    /// By path and query.
    Origin,
    /// By the whole URL, for a proxy that forwards it, with this `proxy-authorization`.
    Absolute { proxy_authorization: Option<&'d HeaderValue> },
}

impl Dialer {
    /// # Errors
    ///
    /// Returns [`ConfigError`] for a host that no certificate or no request can name.
    pub(super) fn new(network: &Network, base_url: &BaseUrl) -> Result<Self, ConfigError> {
        let refused = |rule| ConfigError::BaseUrl { url: base_url.as_str().to_owned(), rule };
        let default_port = if base_url.is_https() { 443 } else { 80 };
        let settings = &network.settings;
        let server = Destination::new(base_url.host(), base_url.port(), default_port, &settings.addresses);
        let server = server.map_err(refused)?;
        let tls = base_url.is_https().then(|| Tls::with_server(&network.tls, server.host())).transpose();
        Ok(Self {
            way: Way::new(network, base_url)?,
            tls: tls.map_err(refused)?,
            server,
            tcp: Tcp {
                local_address: settings.local_address,
                keepalive: settings.tcp_keepalive.unwrap_or(DEFAULT_KEEPALIVE),
            },
            protocols: settings.protocols,
        })
    }

    /// How requests over its connections name their target.
    pub(super) fn request_form(&self) -> RequestForm<'_> {
        match &self.way {
            Way::Proxy(Proxy { service: Service::Forward { authorization }, .. }) => {
                RequestForm::Absolute { proxy_authorization: authorization.as_ref() }
            }
            _ => RequestForm::Origin,
        }
    }

    /// Opens a connection. Dropping the future closes all of its sockets.
    ///
    /// # Errors
    ///
    /// Returns [`DialError`], which says how far it came and why no further. Nothing of a request was sent.
    pub(super) async fn dial(&self) -> Result<Dialed, DialError> {
        let (io, probe) = self.open().await?;
        let (io, chosen) = match &self.tls {
            Some(tls) => tls.connect(io).await.map_err(DialError::server)?,
            None => (io, Protocol::Http1),
        };
        let protocol = match self.protocols {
            #[cfg(feature = "http2")]
            Protocols::Http2 => Protocol::Http2,
            Protocols::Any | Protocols::Http1 => chosen,
        };
        Ok(Dialed { io, probe, protocol })
    }

    /// Opens a stream to the server, or to a proxy that forwards requests, without the server's TLS.
    async fn open(&self) -> Result<(Io, Option<Probe>), DialError> {
        Ok(match &self.way {
            Way::Direct => {
                let (io, probe) = self.connect(&self.server).await.map_err(DialError::server)?;
                (io, Some(probe))
            }
            Way::Proxy(proxy) => {
                let (io, probe) = self.connect(&proxy.destination).await.map_err(DialError::proxy)?;
                (proxy.pass(io, &self.server).await?, Some(probe))
            }
            #[cfg(unix)]
            Way::UnixSocket(path) => {
                let (io, probe) = socket::probed(UnixStream::connect(path).await.map_err(DialError::server)?);
                (io, Some(probe))
            }
            Way::Connector(connector) => (connector.open(self.server.uri()).await.map_err(DialError::Connector)?, None),
        })
    }

    async fn connect(&self, destination: &Destination) -> io::Result<(Io, Probe)> {
        let addresses = destination.addresses().await?;
        Ok(socket::probed(self.tcp.connect(addresses).await?))
    }
}

impl Way {
    fn new(network: &Network, base_url: &BaseUrl) -> Result<Self, ConfigError> {
        let settings = &network.settings;
        if let Some(connector) = &settings.connector {
            return Ok(Self::Connector(connector.clone()));
        }
        #[cfg(unix)]
        if let Some(path) = &settings.unix_socket {
            return Ok(Self::UnixSocket(path.clone()));
        }
        Ok(match &network.proxy {
            Some(proxy) => Self::Proxy(Proxy::new(proxy, network, base_url.is_https())?),
            None => Self::Direct,
        })
    }
}
