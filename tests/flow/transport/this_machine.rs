//! A secret is sent unencrypted only if every connection on its way stays on this machine, whatever DNS says.

use std::net::SocketAddr;

use courier_core::messages::Messages as _;
use courier_core::transport::{OverNetwork, TransportBuilder};
use courier_core::{ConfigError, ReqwestTransport};

use super::own_client;
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server};
use crate::under_test::{self, Network};

const LOOPBACK: &str = "127.0.0.1:0";
const OTHER: &str = "192.0.2.1:0";

fn with_key(base_url: &str) -> TransportBuilder<Network> {
    Network::builder(base_url).bearer_token(KEY)
}

fn address(address: &str) -> SocketAddr {
    address.parse().expect("an address")
}

fn assert_refused<T: OverNetwork>(builder: TransportBuilder<T>, what: &str) {
    match builder.build() {
        Err(error) => assert!(matches!(error, ConfigError::PlainHttp { .. }), "{what}: {error}"),
        Ok(_) => panic!("the key may leave this machine unencrypted: {what}"),
    }
}

/// An HTTP proxy gets the name and looks it up itself, and knows nothing of the addresses that are set here.
#[tokio::test]
async fn a_proxy_is_given_a_name_although_its_address_is_fixed() {
    let mut proxy = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let builder = Network::builder("http://api.test").resolve("api.test", [address(LOOPBACK)]);
    let _cancelled = builder.proxy(proxy.url()).build().expect("without a key").cancel(ID).await.expect("a response");
    assert_eq!(proxy.request().await.target(), format!("http://api.test/messages/{ID}/cancel"));
}

#[test]
fn fixed_loopback_addresses_do_not_allow_a_key_unencrypted_through_a_proxy() {
    let proxied = |host: &str, proxy: &str| {
        with_key(&format!("http://{host}")).resolve("api.test", [address(LOOPBACK)]).proxy(proxy)
    };
    for proxy in ["http://127.0.0.1:3128", "https://[::1]:3128", "http://localhost", "http://proxy.localhost."] {
        assert_refused(proxied("api.test", proxy), proxy);
        assert_refused(proxied("api.localhost", proxy), proxy);
        // This name and these addresses are the same machine for a proxy on it.
        for host in ["localhost", "127.0.0.1", "[::1]:8080"] {
            proxied(host, proxy).build().expect("it stays on this machine");
        }
    }
    with_key("http://api.test").resolve("api.test", [address(LOOPBACK)]).build().expect("without a proxy");
}

#[test]
fn a_proxy_with_a_fixed_address_on_another_machine_gets_no_key_unencrypted() {
    for name in ["localhost", "proxy.localhost", "LOCALHOST"] {
        let fixed = |to| with_key("http://127.0.0.1").resolve(name, [address(to)]).proxy(format!("http://{name}:3128"));
        assert_refused(fixed(OTHER), name);
        fixed(LOOPBACK).build().expect("it stays on this machine");
    }
    let fixed = |to| with_key("http://127.0.0.1").resolve("proxy.test", [address(to)]).proxy("http://proxy.test:3128");
    assert_refused(fixed(OTHER), "proxy.test");
    fixed(LOOPBACK).build().expect("it stays on this machine");
}

#[test]
fn a_name_below_localhost_with_a_fixed_address_on_another_machine_gets_no_key_unencrypted() {
    for (base_url, host) in [
        ("http://localhost", "localhost"),
        ("http://api.localhost", "api.localhost"),
        ("http://API.localhost", "api.LOCALHOST"),
    ] {
        assert_refused(with_key(base_url).resolve(host, [address(OTHER)]), base_url);
        assert_refused(with_key(base_url).resolve(host, [address(LOOPBACK), address(OTHER)]), base_url);
        with_key(base_url).resolve(host, [address(LOOPBACK)]).build().expect("it stays on this machine");
    }
}

/// The key goes to this proxy because of its name, so no DNS server may say where that is.
#[tokio::test]
async fn a_proxy_below_localhost_is_this_machine_without_dns() {
    for name in ["localhost", "proxy.localhost", "Proxy.LOCALHOST", "a.b.localhost."] {
        let mut proxy = Server::start([Reply::json(200, record("CANCELED"))]).await;
        let courier = under_test::courier().api_key(KEY).base_url("http://localhost:1").max_attempts(1);
        let courier = courier.proxy(format!("http://{name}:{}", proxy.address().port())).build().expect("a client");
        let _cancelled = courier.cancel(ID).await.expect(name);
        assert_eq!(proxy.request().await.target(), format!("http://localhost:1/messages/{ID}/cancel"));
    }
}

/// The application's client looks such a name up, and its DNS server may know one.
#[test]
fn a_name_below_localhost_gets_no_key_unencrypted_over_an_own_client() {
    let over_own_client = |base_url| {
        let client = own_client().build().expect("a client");
        ReqwestTransport::from_client(client, base_url).bearer_token(KEY)
    };
    for base_url in ["http://api.localhost", "http://a.b.LOCALHOST:8080/v1"] {
        assert_refused(over_own_client(base_url), base_url);
        over_own_client(base_url).allow_plain_http().build().expect("after opt-in");
        with_key(base_url).build().expect("this crate's own client doesn't look it up");
    }
    for base_url in ["http://localhost:1", "http://localhost.", "http://127.0.0.1:1", "http://[::1]"] {
        over_own_client(base_url).build().expect(base_url);
    }
}
