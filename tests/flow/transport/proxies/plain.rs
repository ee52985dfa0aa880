//! An `http` API through a proxy, which reads and writes everything.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TransportBuilder};
use courier_core::{ConfigError, Error};

use super::{HttpProxy, NAME, SocksProxy, cancel};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server};
use crate::under_test::Network;

fn client(base_url: &str) -> TransportBuilder<Network> {
    Network::builder(base_url).bearer_token(KEY)
}

#[tokio::test]
async fn a_plain_request_is_sent_to_the_proxy_in_absolute_form_with_the_proxys_credentials() {
    let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let proxy = HttpProxy::builder().demanding("ada", "p@ss").start().await;
    let transport =
        client(&server.url()).proxy(proxy.url_with("ada:p%40ss")).build().expect("both are on this machine");
    let _cancelled = cancel(&transport).await.expect("a cancellation");

    let head = &proxy.heads()[0];
    assert!(head.starts_with(&format!("POST {}/messages/{ID}/cancel HTTP/1.1\r\n", server.url())));
    assert!(head.contains(&format!("\r\nhost: {}\r\n", server.address())));
    assert!(head.contains(&format!("\r\nproxy-authorization: Basic {}\r\n", STANDARD.encode("ada:p@ss"))));
    assert!(head.contains(&format!("\r\nauthorization: Bearer {KEY}\r\n")));
    let received = server.request().await;
    assert_eq!(received.target(), format!("/messages/{ID}/cancel"));
    assert_eq!(proxy.heads().len(), 1);
}

#[tokio::test]
async fn a_plain_request_through_socks_is_the_one_that_the_api_gets() {
    let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let proxy = SocksProxy::builder().demanding("ada", "lovelace").start().await;
    let url = proxy.url("socks5", "ada:lovelace@");
    let _cancelled =
        cancel(&client(&server.url()).proxy(url).build().expect("a client")).await.expect("a cancellation");
    let received = server.request().await;
    assert_eq!(received.request_line(), format!("POST /messages/{ID}/cancel HTTP/1.1"));
    assert_eq!(received.header("proxy-authorization"), [""; 0]);
    assert_eq!(proxy.targets(), [server.address().to_string()]);
}

#[tokio::test]
async fn an_ipv6_address_is_given_to_either_kind_of_proxy() {
    let server = Server::from_fn(|_| Reply::json(200, record("CANCELED"))).await;
    let base_url = format!("http://[::1]:{}", server.address().port());
    let http = HttpProxy::builder().with_names(server.address()).start().await;
    let socks = SocksProxy::builder().with_names(server.address()).start().await;
    for proxy in [http.url(), socks.url("socks5h", "")] {
        let _cancelled = cancel(&client(&base_url).proxy(&proxy).build().expect("a client")).await.expect(&proxy);
    }
    assert_eq!(http.requests(), [format!("POST {base_url}/messages/{ID}/cancel HTTP/1.1")]);
    assert_eq!(socks.targets(), [format!("[::1]:{}", server.address().port())]);
}

/// Nothing distinguishes it from a status of the API.
#[tokio::test]
async fn a_status_of_the_proxy_is_a_status_of_the_call_and_a_407_is_not_retried() {
    let server = Server::start([]).await;
    let proxy = HttpProxy::builder().demanding("ada", "lovelace").start().await;
    for credentials in ["ada:wrong", "eve:lovelace"] {
        let before = proxy.heads().len();
        let transport = Retry::new(client(&server.url()).proxy(proxy.url_with(credentials)).build().expect("a client"));
        let error = transport.cancel(ID).await.expect_err("a 407");
        assert!(matches!(&error, Error::Status { response, .. } if response.status() == 407), "{error}");
        assert_eq!((proxy.heads().len() - before, error.attempts()), (1, 1));
    }
}

#[tokio::test]
async fn a_proxy_that_fails_is_retried_as_the_api_itself() {
    let mut server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let proxy = HttpProxy::builder().closing_first().start().await;
    let transport = Retry::new(client(&server.url()).proxy(proxy.url()).build().expect("a client"));
    // A cancellation may be repeated.
    assert_eq!(transport.cancel(ID).with_response().await.expect("a cancellation").attempts, 2);
    server.request().await;
    assert_eq!(proxy.requests().len(), 2);
}

#[test]
fn a_key_needs_https_through_a_proxy_unless_both_it_and_the_api_are_on_this_machine_or_with_opt_in() {
    for (base_url, proxy) in [
        ("http://api.example", "http://proxy.example:3128"),
        ("http://api.example", "http://127.0.0.1:3128"),
        ("http://127.0.0.1:1", "http://proxy.example:3128"),
        // It is unencrypted behind the proxy.
        ("http://127.0.0.1:1", "https://proxy.example"),
        ("http://[::1]:1", "socks5h://10.0.0.1"),
        ("http://api.localhost", "socks5://localhost.example:1080"),
        // The proxy may ask a DNS server for the name.
        ("http://api.localhost:1", "socks5h://proxy.localhost:1080"),
        ("http://api.localhost:1", "http://127.0.0.1:3128"),
    ] {
        let error = client(base_url).proxy(proxy).build().expect_err(proxy);
        assert!(matches!(error, ConfigError::PlainHttp { .. }), "{base_url} {proxy}: {error}");
        let text = error.to_string();
        assert!(text.contains(&format!("{base_url:?} through the proxy {proxy}")), "{text}");
        client(base_url).proxy(proxy).allow_plain_http().build().expect("after opt-in");
        Network::builder(base_url).proxy(proxy).build().expect("no key is sent");
    }
    for (base_url, proxy) in [
        ("http://127.0.0.1:1", "http://localhost:3128"),
        ("http://localhost:1", "https://[::1]"),
        ("http://[::1]:1", "socks5h://127.0.0.1:1080"),
        ("http://localhost:1", "socks5h://proxy.localhost:1080"),
        ("http://api.localhost:1", "socks5://proxy.localhost:1080"),
        ("https://api.example", "http://proxy.example:3128"),
        ("https://api.example", "socks5h://proxy.example"),
    ] {
        client(base_url).proxy(proxy).build().expect(proxy);
    }
}

/// With `.resolve(…)`, a name decides nothing, unless the proxy looks it up.
#[test]
fn where_a_name_leads_decides_whether_a_key_may_be_sent_in_plain_text() {
    let (here, elsewhere) = (([127, 0, 0, 1], 0).into(), ([10, 0, 0, 1], 0).into());
    let api = format!("http://{NAME}:1");
    for (proxy, name, address) in [
        // These look up the API's name by themselves.
        ("http://127.0.0.1:3128", NAME, here),
        ("https://127.0.0.1:3128", NAME, here),
        ("socks5h://127.0.0.1:1080", NAME, here),
        ("socks5://127.0.0.1:1080", NAME, elsewhere),
    ] {
        let error = client(&api).proxy(proxy).resolve(name, [address]).build().expect_err(proxy);
        assert!(matches!(error, ConfigError::PlainHttp { .. }), "{proxy}: {error}");
    }
    client(&api).proxy("socks5://127.0.0.1:1080").resolve(NAME, [here]).build().expect("it gets the address");

    let through = |proxy: &str| client("http://127.0.0.1:1").proxy(format!("http://{proxy}:3128"));
    through("proxy.example").resolve("proxy.example", [here]).build().expect("on this machine");
    for name in ["localhost", "proxy.localhost"] {
        let error = through(name).resolve(name, [elsewhere]).build().expect_err(name);
        assert!(matches!(error, ConfigError::PlainHttp { .. }), "{name}: {error}");
    }
}

#[tokio::test]
async fn a_proxy_below_localhost_is_on_this_machine_whatever_a_dns_server_says() {
    let server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let proxy = HttpProxy::start().await;
    let url = format!("http://proxy.localhost:{}", proxy.address().port());
    let _cancelled =
        cancel(&client(&server.url()).proxy(url).build().expect("a client")).await.expect("a cancellation");
    assert_eq!(proxy.requests().len(), 1);
}
