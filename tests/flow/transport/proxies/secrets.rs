//! The credentials of a proxy are secrets like any other, and a proxy sees no secret of an `https` API.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use courier_core::Transport;
use courier_core::messages::Messages as _;
use courier_core::transport::Retry;

use super::{Api, Authority, HOST, HttpProxy, SocksProxy, TlsServer, cancel};
use crate::flow::key_search::{assert_hides, logged_crates, texts};
use crate::flow::record::ID;
use crate::flow::server::KEY;
use crate::under_test::{self, IS_OVER_HYPER, Network};

const PASSWORD: &str = "p4ss/w0rd";
const WRITTEN: &str = "p4ss%2Fw0rd";

/// The name of the user has letters that hexadecimal numbers lack: `Debug` shows certificates, which are random.
fn assert_none(text: &str) {
    let basic = STANDARD.encode(format!("mary:{PASSWORD}"));
    for form in ["p4ss", "w0rd", &basic, "mary"] {
        assert!(!text.contains(form), "{form}: {text}");
    }
}

#[tokio::test]
async fn debug_curl_and_errors_hide_the_credentials_of_a_proxy() {
    let (api, http) = (Api::start().await, HttpProxy::builder().demanding("mary", "other").start().await);
    let socks = SocksProxy::builder().demanding("mary", "other").start().await;
    let credentials = format!("mary:{WRITTEN}");
    for (proxy, shown) in [
        (http.url_with(&credentials), http.url()),
        (socks.url("socks5", &format!("{credentials}@")), socks.url("socks5", "")),
        (socks.url("socks5h", &format!("{credentials}@")), socks.url("socks5h", "")),
    ] {
        let builder = api.client().proxy(&proxy);
        assert_none(&format!("{builder:?} {builder:#?}"));
        assert!(format!("{builder:?}").contains(&shown), "{builder:?}");
        let transport = builder.build().expect("a client");
        assert_none(&format!("{transport:?} {transport:#?}"));
        assert_none(&transport.cancel(ID).curl().expect("a request"));
        assert_none(&texts(&cancel(&transport).await.expect_err("refused")));

        let builder = under_test::courier().api_key(KEY).base_url(api.server.url()).proxy(&proxy);
        assert_none(&format!("{builder:?} {builder:#?}"));
        let courier = builder.build().expect("a client");
        assert_none(&format!("{courier:?} {courier:#?}"));
        assert_none(&texts(&courier.cancel(ID).await.expect_err("refused")));
    }
}

/// The password is the key, which the search looks for in every record of every crate.
#[tokio::test]
async fn no_crate_logs_the_credentials_of_a_proxy() {
    let api = Api::start().await;
    let http = HttpProxy::builder().demanding("mary", KEY).start().await;
    let over_tls = HttpProxy::builder().demanding("mary", KEY).over_tls(api.authority.server(&[HOST], |_| {}));
    let over_tls = over_tls.start().await;
    let socks = SocksProxy::builder().demanding("mary", KEY).start().await;
    let credentials = format!("mary:{KEY}");
    for proxy in [
        http.url_with(&credentials),
        over_tls.url_with(&credentials),
        socks.url("socks5", &format!("{credentials}@")),
        socks.url("socks5h", &format!("{credentials}@")),
    ] {
        let transport = Retry::new(api.client().proxy(proxy).build().expect("a client"));
        let _cancelled = cancel(&transport).await.expect("a cancellation");
    }
    let expected: &[&str] = if IS_OVER_HYPER { &["rustls"] } else { &["hyper_util", "reqwest"] };
    assert!(expected.iter().all(|name| logged_crates().contains(*name)), "{:?}", logged_crates());
}

#[tokio::test]
async fn an_error_hides_the_credentials_of_a_proxy_that_a_server_echoes() {
    let basic = STANDARD.encode(format!("mary:{PASSWORD}"));
    let body = format!("{basic} {PASSWORD} {WRITTEN}");
    let response = format!("HTTP/1.1 400 Bad\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    let authority = Authority::new("Flow");
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), response).await;
    let proxy = HttpProxy::builder().demanding("mary", PASSWORD).start().await;
    let builder = Network::builder(server.url()).root_certificate_pem(authority.pem());
    let transport = builder.proxy(proxy.url_with(&format!("mary:{WRITTEN}"))).build().expect("a client");
    let error = cancel(&transport).await.expect_err("400 is not declared");
    for secret in [&*basic, PASSWORD, WRITTEN] {
        assert_hides(&error, secret);
    }
    assert!(error.to_string().contains("[redacted]"), "{error}");
}

#[tokio::test]
async fn a_proxy_sees_the_host_of_an_https_api_but_neither_key_nor_path() {
    let mut api = Api::start().await;
    let http = HttpProxy::builder().with_names(api.server.address()).start().await;
    let socks = SocksProxy::builder().with_names(api.server.address()).start().await;
    for (proxy, seen) in [(http.url(), http.inside()), (socks.url("socks5h", ""), socks.bytes())] {
        let transport = api.client_by_name().proxy(proxy).build().expect("a client");
        check_path(&transport);
        let _cancelled = cancel(&transport).await.expect("a cancellation");
        assert!(api.request().await.contains(KEY));
        assert!(seen.contains("api.example"));
        seen.assert_without(&[KEY, &STANDARD.encode(KEY), "/messages", ID, "authorization", "CANCELED"]);
    }
}

/// What must not be seen is sent.
fn check_path(transport: &impl Transport) {
    let curl = transport.cancel(ID).curl().expect("a request");
    assert!(curl.contains("/messages/") && curl.contains(ID), "{curl}");
}
