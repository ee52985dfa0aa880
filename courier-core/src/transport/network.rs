//! What the settings of connections mean, whatever opens them.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::base_url::{self, BaseUrl};
use super::limits::Limits;
#[cfg(all(feature = "http2", feature = "reqwest"))]
use super::protocols::Protocols;
use super::proxy::{Proxy, ProxySetting};
use super::settings::ConnectionSettings;
use super::tls;
use crate::config::ConfigError;

/// Everything that is needed to open connections to one API, checked.
#[derive(Debug)]
pub(super) struct Network {
    pub(super) settings: ConnectionSettings,
    pub(super) proxy: Option<Proxy>,
    pub(super) tls: tls::Config,
    pub(super) connect_timeout: Duration,
    /// Whether calls can share a connection if the server chooses HTTP/2 during the TLS handshake. Without a pool, they never do.
    #[cfg(all(feature = "http2", feature = "reqwest"))]
    pub(super) may_share: bool,
}

impl Network {
    pub(super) fn new(
        mut settings: ConnectionSettings,
        base_url: &BaseUrl,
        limits: Limits,
    ) -> Result<Self, ConfigError> {
        let proxy = std::mem::replace(&mut settings.proxy, ProxySetting::None);
        let proxy = if settings.uses_tcp() { proxy.into_proxy(base_url)? } else { None };
        let tls = std::mem::take(&mut settings.tls).config(base_url, proxy.as_ref(), settings.protocols.offered())?;
        // RFC 6761, 6.3: these names always mean this machine, whatever a DNS server says.
        for host in [base_url.host(), proxy.as_ref().map_or("", Proxy::host)] {
            if base_url::is_localhost(host) && !settings.addresses.iter().any(|(other, _)| other == host) {
                let loopback: [IpAddr; 2] = [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
                settings
                    .addresses
                    .push((host.to_owned(), loopback.map(|address| SocketAddr::new(address, 0)).to_vec()));
            }
        }
        Ok(Self {
            #[cfg(all(feature = "http2", feature = "reqwest"))]
            may_share: base_url.is_https() && settings.protocols == Protocols::Any && settings.pool_max_idle > 0,
            settings,
            proxy,
            tls,
            connect_timeout: limits.connect_timeout(),
        })
    }

    /// Whether requests go nowhere but to this machine.
    pub(super) fn is_local(&self, base_url: &BaseUrl) -> bool {
        #[cfg(feature = "hyper")]
        if self.settings.connector.is_some() {
            return base_url.is_loopback_for_any_resolver();
        }
        #[cfg(unix)]
        if self.settings.unix_socket.is_some() {
            return true;
        }
        let api_is_here = |base_url: &BaseUrl| self.leads_here(base_url.host(), base_url.is_loopback());
        let Some(proxy) = &self.proxy else { return api_is_here(base_url) };
        // If the proxy looks up the API's host, addresses that are set for it don't apply.
        let api_is_here =
            if proxy.looks_up_names() { base_url.is_loopback_for_any_resolver() } else { api_is_here(base_url) };
        api_is_here && self.leads_here(proxy.host(), proxy.is_loopback())
    }

    /// Whether connections to a host stay on this machine. Addresses that are set for it count more than its name.
    fn leads_here(&self, host: &str, is_loopback: bool) -> bool {
        match self.settings.addresses.iter().find(|(other, _)| other == host) {
            Some((_, addresses)) => addresses.iter().all(|address| address.ip().is_loopback()),
            None => is_loopback,
        }
    }

    /// How the server is reached, if not directly: for an error, after the server's name.
    pub(super) fn route(&self) -> Option<String> {
        #[cfg(feature = "hyper")]
        if self.settings.connector.is_some() {
            return Some(" through the connector of `.connector(…)`".to_owned());
        }
        #[cfg(unix)]
        if let Some(path) = &self.settings.unix_socket {
            return Some(format!(" at the Unix socket {}", path.display()));
        }
        self.proxy.as_ref().map(|proxy| format!(" through the proxy {proxy}"))
    }

    /// What may help if no connection was opened because of this error.
    pub(super) fn hint(&self, error: &(dyn StdError + 'static)) -> Option<String> {
        use io::ErrorKind::{AddrNotAvailable, NotConnected};

        let address = self.settings.local_address?;
        let error: &io::Error = error.downcast_ref()?;
        // hyper-util's error if no address is left ("Network unreachable") has the second kind.
        matches!(error.kind(), AddrNotAvailable | NotConnected).then(|| {
            format!(
                "is {address} of `.local_address(…)` an address of this machine, and of the same kind (IPv4 or IPv6) as the server's?"
            )
        })
    }

    /// Whether idle connections are kept for longer than this.
    #[cfg(feature = "reqwest")]
    pub(super) fn keeps_longer_than(&self, timeout: Duration) -> bool {
        self.settings.pool_idle_timeout > timeout
    }
}
