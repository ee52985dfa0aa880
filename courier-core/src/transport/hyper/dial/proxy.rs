//! Through a proxy: which kind it is, and what for, decides what it is asked.

use http::HeaderValue;

use super::destination::Destination;
use super::failure::DialError;
#[cfg(feature = "socks")]
use super::socks::Socks;
use super::tls::Tls;
use super::tunnel;
use crate::config::ConfigError;
use crate::transport::connector::Io;
use crate::transport::network::Network;
use crate::transport::proxy;

/// A proxy on the way to the server.
#[derive(Debug)]
pub(super) struct Proxy {
    pub(super) destination: Destination,
    /// For a proxy that is itself reached over TLS.
    tls: Option<Tls>,
    pub(super) service: Service,
}

/// What the proxy does.
#[derive(Debug)]
pub(super) enum Service {
    /// It forwards each request, which names the server.
    Forward { authorization: Option<HeaderValue> },
    /// It connects to the server, and passes on every byte.
    Tunnel { authorization: Option<HeaderValue> },
    #[cfg(feature = "socks")]
    Socks(Socks),
}

impl Proxy {
    /// # Errors
    ///
    /// Returns [`ConfigError`] for a host that no certificate or no request can name.
    pub(super) fn new(proxy: &proxy::Proxy, network: &Network, is_for_https: bool) -> Result<Self, ConfigError> {
        let refused = |rule| ConfigError::Setting { what: format!("the proxy {proxy}"), rule };
        let fixed = &network.settings.addresses;
        let destination = Destination::new(proxy.host(), proxy.port(), proxy.default_port(), fixed).map_err(refused)?;
        let tls = proxy.is_https().then(|| Tls::with_proxy(&network.tls, destination.host())).transpose();
        Ok(Self { destination, tls: tls.map_err(refused)?, service: Service::of(proxy, is_for_https) })
    }

    /// Makes a stream to this proxy one to the server, or leaves it one to whoever forwards the requests.
    pub(super) async fn pass(&self, io: Io, server: &Destination) -> Result<Io, DialError> {
        let io = match &self.tls {
            Some(tls) => tls.connect(io).await.map_err(DialError::proxy)?.0,
            None => io,
        };
        match &self.service {
            Service::Forward { .. } => Ok(io),
            Service::Tunnel { authorization } => Ok(tunnel::open(io, server, authorization.as_ref()).await?),
            #[cfg(feature = "socks")]
            Service::Socks(socks) => socks.open(io, server).await,
        }
    }
}

impl Service {
    fn of(proxy: &proxy::Proxy, is_for_https: bool) -> Self {
        #[cfg(feature = "socks")]
        if proxy.is_socks() {
            return Self::Socks(Socks { credentials: proxy.credentials(), looks_up_names: proxy.looks_up_names() });
        }
        let authorization = proxy.authorization();
        if is_for_https { Self::Tunnel { authorization } } else { Self::Forward { authorization } }
    }
}
