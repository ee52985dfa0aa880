//! Makes reqwest's clients.

use std::time::Duration;

use reqwest::{Client, ClientBuilder};

#[cfg(feature = "http2")]
use super::connections::OneAtATime;
use crate::config::ConfigError;
use crate::transport::base_url::BaseUrl;
use crate::transport::network::Network;
use crate::transport::protocols::{self, Protocols};
use crate::transport::proxy::Proxy;
use crate::transport::tls;

/// Makes a client with a pool of its own, which keeps idle connections for this time or the one that is set.
pub(super) fn client(network: &Network, idle_timeout: Option<Duration>) -> Result<Client, ConfigError> {
    let Network { settings, proxy, tls, connect_timeout, .. } = network;
    let mut client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        // hyper still moves a request to another connection if it hasn't written a byte of it.
        .retry(reqwest::retry::never())
        .referer(false)
        // These are on by default if another crate in the program enables reqwest's features for them. Here, this
        // crate decompresses bodies and the system resolves names.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .no_proxy()
        .no_hickory_dns()
        .connect_timeout(*connect_timeout)
        .local_address(settings.local_address)
        .pool_idle_timeout(idle_timeout.unwrap_or(settings.pool_idle_timeout))
        .pool_max_idle_per_host(settings.pool_max_idle);
    for (host, addresses) in &settings.addresses {
        client = client.resolve_to_addrs(host, addresses);
    }
    if let Some(interval) = settings.tcp_keepalive {
        client = client.tcp_keepalive(interval).tcp_keepalive_interval(interval);
    }
    #[cfg(unix)]
    if let Some(path) = &settings.unix_socket {
        client = client.unix_socket(path.clone());
    }
    let refused =
        |error: reqwest::Error| ConfigError::Client { what: "reqwest refused its settings", source: error.into() };
    if let Some(proxy) = proxy {
        client = client.proxy(reqwest::Proxy::all(proxy.url()).map_err(refused)?);
    }
    #[cfg(feature = "http2")]
    if network.may_share {
        client = client.connector_layer(OneAtATime::new(*connect_timeout));
    }
    with_tls(with_protocols(client, settings.protocols), tls).build().map_err(refused)
}

fn with_protocols(client: ClientBuilder, protocols: Protocols) -> ClientBuilder {
    let client = client.http1_max_headers(protocols::MAX_HEADERS);
    match protocols {
        #[cfg(feature = "http2")]
        Protocols::Any => with_http2(client),
        #[cfg(feature = "http2")]
        Protocols::Http2 => with_http2(client).http2_prior_knowledge(),
        #[cfg(not(feature = "http2"))]
        Protocols::Any => client.http1_only(),
        Protocols::Http1 => client.http1_only(),
    }
}

#[cfg(feature = "http2")]
fn with_http2(client: ClientBuilder) -> ClientBuilder {
    client
        .http2_max_header_list_size(protocols::MAX_HEAD_BYTES)
        .http2_keep_alive_interval(protocols::PING_INTERVAL)
        .http2_keep_alive_timeout(protocols::PING_TIMEOUT)
}

/// reqwest gets a complete configuration, because its own would depend on the features that other crates enable.
#[cfg(feature = "__rustls")]
fn with_tls(client: ClientBuilder, tls: &tls::Config) -> ClientBuilder {
    client.tls_backend_preconfigured(tls.0.clone())
}

#[cfg(not(feature = "__rustls"))]
fn with_tls(client: ClientBuilder, _: &tls::Config) -> ClientBuilder {
    client
}

/// Refuses what would fail each call: reqwest verifies, and looks up, an IPv6 address with its brackets.
pub(super) fn check_ipv6(base_url: &BaseUrl, proxy: &Proxy) -> Result<(), ConfigError> {
    if !base_url.host().starts_with('[') {
        return Ok(());
    }
    let rule = if base_url.is_https() {
        "it has an IPv6 address, and the HTTP client can't verify the certificate of one through a proxy; write a name"
    } else if !proxy.looks_up_names() {
        "it has an IPv6 address, which the HTTP client can't pass to a `socks5://` proxy; write `socks5h://`, or a name"
    } else {
        return Ok(());
    };
    Err(ConfigError::BaseUrl { url: base_url.as_str().to_owned(), rule })
}
