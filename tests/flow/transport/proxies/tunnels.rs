//! An `https` API through the tunnel of an HTTP proxy.

use std::sync::Arc;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TimeLimit, TransportErrorKind};
use courier_core::{Download, ReqwestTransport, Result, Transport, endpoint, reqwest};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{Api, HttpProxy, NAME, cancel, no_connection, transport_error};
use crate::flow::key_search;
use crate::flow::record::ID;
use crate::flow::server::{KEY, unused_address};
use crate::flow::transport::http2::one_connection::{assert_shared, echo, listener};
use crate::flow::transport::own_client;
use crate::flow::transport::tls::server::{Authority, HOST, TlsServer};
use crate::under_test::{self, Network};

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    async fn file(&self) -> Result<Download>;
}
impl<T: Transport> Files for T {}

#[tokio::test]
async fn an_https_api_is_reached_through_the_tunnel_of_a_proxy() {
    let (mut api, proxy) = (Api::start().await, HttpProxy::start().await);
    let _cancelled = cancel(&api.client().proxy(proxy.url()).build().expect("a client")).await.expect("a cancellation");
    assert!(api.request().await.starts_with(&format!("POST /messages/{ID}/cancel HTTP/1.1\r\n")));
    let target = api.server.address();
    assert_eq!(proxy.heads(), [format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n")]);
}

#[tokio::test]
async fn the_builder_of_the_courier_client_has_a_proxy_too() {
    let (mut api, proxy) = (Api::start().await, HttpProxy::start().await);
    let builder =
        under_test::courier().api_key(KEY).base_url(api.server.url()).root_certificate_pem(api.authority.pem());
    let courier = builder.proxy(proxy.url()).build().expect("a client");
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    api.request().await;
    assert_eq!(proxy.requests(), [format!("CONNECT {} HTTP/1.1", api.server.address())]);
}

#[tokio::test]
async fn a_proxy_looks_up_the_name_of_the_api() {
    let mut api = Api::start().await;
    let proxy = HttpProxy::builder().with_names(api.server.address()).start().await;
    let client = api.client_by_name().proxy(proxy.url()).build().expect("a client");
    let _cancelled = cancel(&client).await.expect("a cancellation");
    assert!(api.request().await.contains(&format!("\r\nhost: {}\r\n", api.name())));
    assert_eq!(proxy.requests(), [format!("CONNECT {} HTTP/1.1", api.name())]);
}

#[tokio::test]
async fn the_port_of_a_tunnel_is_that_of_https_if_the_url_has_none() {
    let api = Api::start().await;
    let proxy = HttpProxy::builder().with_names(api.server.address()).start().await;
    let client = api.client_of(&format!("https://{NAME}")).proxy(proxy.url()).build().expect("a client");
    let _cancelled = cancel(&client).await.expect("a cancellation");
    assert_eq!(proxy.requests(), [format!("CONNECT {NAME}:443 HTTP/1.1")]);
}

#[tokio::test]
async fn a_proxy_is_given_the_user_and_password_of_its_url() {
    for (written, user, password) in [
        ("ada:lovelace", "ada", "lovelace"),
        ("ada:", "ada", ""),
        ("ada", "ada", ""),
        (":lovelace", "", "lovelace"),
        ("us%40er:p%40ss%2Fw%3Ard%20%25%C3%BC", "us@er", "p@ss/w:rd %ü"),
        ("us!er:p$a&s'(s)*+,;=~", "us!er", "p$a&s'(s)*+,;=~"),
    ] {
        let (mut api, proxy) = (Api::start().await, HttpProxy::builder().demanding(user, password).start().await);
        let client = api.client().proxy(proxy.url_with(written)).build().expect(written);
        let _cancelled = cancel(&client).await.expect(written);
        let in_the_tunnel = api.request().await.to_ascii_lowercase();
        assert!(!in_the_tunnel.contains("proxy-"), "{written}");
        assert_eq!(proxy.requests().len(), 1, "{written}");
    }
}

#[tokio::test]
async fn http2_is_used_inside_a_tunnel_and_calls_that_start_together_share_it() {
    let (authority, proxy) = (Authority::new("Flow"), HttpProxy::start().await);
    let (listener, address) = listener().await;
    let mut config = authority.server(&[HOST], |_| {});
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut requests = echo(listener, Some(TlsAcceptor::from(Arc::new(config))), 16);
    let builder = Network::builder(format!("https://{address}")).root_certificate_pem(authority.pem());
    let transport = builder.proxy(proxy.url()).build().expect("a client");
    assert_shared(&transport, &mut requests, 16).await;
    assert_eq!(proxy.requests(), [format!("CONNECT {address} HTTP/1.1")]);
}

#[tokio::test]
async fn a_stream_comes_through_a_tunnel_as_it_was_sent() {
    let body: Vec<u8> = (0..1_000_000_u32).map(|number| number.to_le_bytes()[1]).collect();
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    let authority = Authority::new("Flow");
    let response = [head.as_bytes(), &body].concat();
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), response).await;
    let proxy = HttpProxy::start().await;
    let builder = Network::builder(server.url()).root_certificate_pem(authority.pem());
    let transport = builder.proxy(proxy.url()).build().expect("a client");
    let mut download = transport.file().await.expect("a download");
    let mut read = Vec::new();
    while let Some(chunk) = download.chunk().await.expect("a chunk") {
        read.extend_from_slice(&chunk);
    }
    assert!(read == body, "{} bytes", read.len());
}

/// `.resolve(…)` is for names that this machine looks up.
#[tokio::test]
async fn a_fixed_address_is_that_of_the_proxys_host_and_not_of_the_apis() {
    let mut api = Api::start().await;
    let proxy = HttpProxy::builder().with_names(api.server.address()).start().await;
    let nowhere = unused_address().await;
    let builder = api.client_by_name().resolve(NAME, [nowhere]).resolve("proxy.example", [proxy.address()]);
    let builder = builder.proxy(format!("http://proxy.example:{}", proxy.address().port()));
    let _cancelled = cancel(&builder.build().expect("a client")).await.expect("a cancellation");
    api.request().await;
    assert_eq!(proxy.requests(), [format!("CONNECT {} HTTP/1.1", api.name())]);
}

#[tokio::test]
async fn a_server_that_is_silent_in_a_tunnel_ends_with_the_connect_timeout() {
    let (api, silent) = (Api::start().await, TcpListener::bind((HOST, 0)).await.expect("a free port"));
    let proxy = HttpProxy::builder().with_names(silent.local_addr().expect("a bound listener")).start().await;
    let timeout = Duration::from_millis(200);
    let transport = api.client_by_name().proxy(proxy.url()).connect_timeout(timeout).build().expect("a client");
    let error = no_connection(&transport, &proxy.url()).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: timeout });
}

#[tokio::test]
async fn the_applications_own_client_has_its_own_proxy_and_the_same_errors() {
    let (api, proxy) = (Api::start().await, HttpProxy::builder().demanding("ada", "lovelace").start().await);
    let client = own_client().proxy(reqwest::Proxy::all(proxy.url_with("ada:wrong")).expect("a proxy"));
    let builder = ReqwestTransport::from_client(client.build().expect("a client"), api.server.url()).bearer_token(KEY);
    let transport = Retry::new(builder.build().expect("a transport"));
    let error = transport_error(cancel(&transport).await);
    assert!(error.to_string().contains("the proxy doesn't accept the user and password"), "{error}");
    assert_eq!((error.attempts(), proxy.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_call_that_a_proxy_could_not_connect_is_retried_through_it() {
    key_search::begin();
    // The proxy closes its first connection before it responds.
    let mut api = Api::start().await;
    let proxy = HttpProxy::builder().closing_first().start().await;
    let transport = api.client().proxy(proxy.url()).build().expect("a client");
    let response = Retry::new(transport).cancel(ID).with_response().await.expect("a cancellation");
    assert_eq!(response.attempts, 2);
    api.request().await;
    assert_eq!(proxy.requests(), vec![format!("CONNECT {} HTTP/1.1", api.server.address()); 2]);
}

/// The server sees nothing of a connection that the proxy can't open.
#[tokio::test]
async fn every_attempt_goes_through_the_proxy() {
    let (api, proxy) = (Api::start().await, HttpProxy::builder().responding("").start().await);
    let transport = Retry::new(api.client().proxy(proxy.url()).build().expect("a client"));
    let error = no_connection(&transport, &proxy.url()).await;
    assert_eq!((error.attempts(), proxy.requests().len()), (3, 3));
}
