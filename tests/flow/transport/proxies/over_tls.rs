//! A proxy that is itself reached over TLS: `https://`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Api, Authority, HOST, HttpProxy, NAME, cancel, no_connection, reason};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server};
use crate::under_test::Network;

#[tokio::test]
async fn the_network_before_an_https_proxy_reads_neither_its_credentials_nor_the_host() {
    let mut api = Api::start().await;
    let proxy = HttpProxy::builder().with_names(api.server.address()).demanding("ada", "lovelace");
    let proxy = proxy.over_tls(api.authority.server(&[HOST], |_| {})).start().await;
    let transport = api.client_by_name().proxy(proxy.url_with("ada:lovelace")).build().expect("a client");
    let _cancelled = cancel(&transport).await.expect("a cancellation");
    api.request().await;

    assert_eq!(proxy.requests(), [format!("CONNECT {} HTTP/1.1", api.name())]);
    let credentials = STANDARD.encode("ada:lovelace");
    assert!(proxy.inside().contains(&credentials) && proxy.inside().contains(NAME));
    proxy.wire().assert_without(&["CONNECT", NAME, &credentials, "roxy-"]);
    proxy.inside().assert_without(&[KEY, "/messages", ID]);
}

#[tokio::test]
async fn a_plain_request_is_encrypted_up_to_an_https_proxy() {
    let (server, authority) = (Server::start([Reply::json(200, record("CANCELED"))]).await, Authority::new("Flow"));
    let proxy = HttpProxy::builder().over_tls(authority.server(&[HOST], |_| {})).start().await;
    let builder = Network::builder(server.url()).bearer_token(KEY).root_certificate_pem(authority.pem());
    let transport = builder.proxy(proxy.url()).build().expect("both are on this machine");
    let _cancelled = cancel(&transport).await.expect("a cancellation");
    assert_eq!(proxy.requests(), [format!("POST {}/messages/{ID}/cancel HTTP/1.1", server.url())]);
    proxy.wire().assert_without(&[KEY, "/messages", "POST"]);
}

#[tokio::test]
async fn an_https_proxy_with_an_untrusted_certificate_gets_no_request_and_is_named() {
    let (mut api, other) = (Api::start().await, Authority::new("Other"));
    for (config, expected) in [
        (
            other.server(&[HOST], |_| {}),
            "the proxy can't be reached: the server's certificate is from an unknown issuer",
        ),
        (
            api.authority.server(&["other.example"], |_| {}),
            "the proxy can't be reached: invalid peer certificate: certificate not valid for name \"127.0.0.1\"",
        ),
    ] {
        let proxy = HttpProxy::builder().demanding("ada", "lovelace").over_tls(config).start().await;
        let transport = api.client().proxy(proxy.url_with("ada:lovelace")).build().expect("a client");
        let error = no_connection(&transport, &proxy.url()).await;
        assert!(reason(&error, &proxy.url()).starts_with(expected), "{error}");
        assert_eq!(proxy.heads(), [""; 0]);
    }
    // The API was not reached directly either.
    let transport = api.client().build().expect("a client");
    let _cancelled = cancel(&transport).await.expect("a cancellation");
    assert!(api.request().await.starts_with("POST"));
}

#[tokio::test]
async fn the_certificate_of_the_api_is_verified_inside_a_tunnel() {
    let (api, proxy) = (Api::start().await, HttpProxy::start().await);
    let transport = Network::builder(api.server.url()).bearer_token(KEY).proxy(proxy.url());
    let error = no_connection(&transport.build().expect("a client"), &proxy.url()).await;
    let reason = reason(&error, &proxy.url());
    assert!(reason.starts_with("the server's certificate is from an unknown issuer"), "{reason}");
}

#[tokio::test]
async fn an_https_proxy_without_tls_gets_no_credentials() {
    let (api, proxy) = (Api::start().await, HttpProxy::builder().responding("HTTP/1.1 400 Bad\r\n\r\n").start().await);
    let url = proxy.url_with(&format!("ada:{KEY}")).replace("http://", "https://");
    let transport = api.client().proxy(url).connect_timeout(std::time::Duration::from_millis(500)).build();
    no_connection(&transport.expect("a client"), &proxy.url().replace("http://", "https://")).await;
    proxy.wire().assert_without(&["CONNECT", KEY, &STANDARD.encode(format!("ada:{KEY}"))]);
}
