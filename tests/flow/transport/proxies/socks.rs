//! An API through a SOCKS5 proxy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use courier_core::transport::{Retry, TimeLimit, TransportErrorKind};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::{Api, Authority, HOST, NAME, SocksProxy, cancel, no_connection, reason};
use crate::flow::server::unused_address;
use crate::flow::transport::http2::one_connection::{assert_shared, echo, listener};
use crate::under_test::{IS_OVER_HYPER, Network};

#[tokio::test]
async fn a_socks5h_proxy_looks_up_the_name_of_the_api() {
    let mut api = Api::start().await;
    let proxy = SocksProxy::builder().with_names(api.server.address()).start().await;
    let transport = api.client_by_name().proxy(proxy.url("socks5h", "")).build().expect("a client");
    let _cancelled = cancel(&transport).await.expect("a cancellation");
    assert!(api.request().await.contains(&format!("\r\nhost: {}\r\n", api.name())));
    assert_eq!(proxy.targets(), [api.name()]);
}

#[tokio::test]
async fn a_socks5_proxy_gets_the_address_that_this_machine_found() {
    let mut api = Api::start().await;
    // The proxy knows no name.
    let proxy = SocksProxy::builder().start().await;
    let builder = api.client_by_name().resolve(NAME, [api.server.address()]);
    let _cancelled =
        cancel(&builder.proxy(proxy.url("socks5", "")).build().expect("a client")).await.expect("a cancellation");
    assert!(api.request().await.contains(&format!("\r\nhost: {}\r\n", api.name())));
    assert_eq!(proxy.targets(), [api.server.address().to_string()]);
}

#[tokio::test]
async fn an_address_is_an_address_for_either_kind() {
    for scheme in ["socks5", "socks5h"] {
        let (api, proxy) = (Api::start().await, SocksProxy::builder().start().await);
        let transport = api.client().proxy(proxy.url(scheme, "")).build().expect("a client");
        let _cancelled = cancel(&transport).await.expect("a cancellation");
        assert_eq!(proxy.targets(), [api.server.address().to_string()]);
    }
}

#[tokio::test]
async fn a_socks_proxy_is_given_the_user_and_password_of_its_url() {
    for (written, user, password) in [
        ("ada:lovelace@", "ada", "lovelace"),
        ("ada@", "ada", ""),
        ("us%40%3Aer:p%40ss%2Fw%3Ard%20%25%C3%BC@", "us@:er", "p@ss/w:rd %ü"),
        ("us!er:p$a&s'(s)*+,;=~@", "us!er", "p$a&s'(s)*+,;=~"),
    ] {
        let api = Api::start().await;
        let proxy = SocksProxy::builder().demanding(user, password).start().await;
        let transport = api.client().proxy(proxy.url("socks5h", written)).build().expect(written);
        let _cancelled = cancel(&transport).await.expect(written);
        assert_eq!(proxy.connections(), 1, "{written}");
    }
}

#[tokio::test]
async fn a_socks_proxy_that_refuses_the_user_and_password_is_asked_once() {
    const WRONG: &str =
        "the proxy doesn't accept the user and password; they are part of its URL: `socks5://user:password@host:port`";
    const MISSING: &str = "the proxy demands a user and a password in its URL, `socks5://user:password@host:port`, or, if it has \
                           them, accepts none";

    let api = Api::start().await;
    let demanding = || SocksProxy::builder().demanding("ada", "lovelace");
    for (proxy, credentials, expected) in [
        (demanding(), "ada:wrong@", WRONG),
        (demanding(), "eve:lovelace@", WRONG),
        (demanding(), "", MISSING),
        // It wants none.
        (SocksProxy::builder(), "ada:lovelace@", MISSING),
        // Against RFC 1928, it selects what wasn't offered.
        (SocksProxy::builder().responding(*b"\x05\x00"), "ada:lovelace@", MISSING),
        (SocksProxy::builder().responding(*b"\x05\x02"), "", MISSING),
    ] {
        let proxy = proxy.start().await;
        let transport = Retry::new(api.client().proxy(proxy.url("socks5", credentials)).build().expect("a client"));
        let shown = proxy.url("socks5", "");
        let error = no_connection(&transport, &shown).await;
        assert_eq!(reason(&error, &shown), expected, "{credentials}");
        assert_eq!((error.attempts(), proxy.connections()), (1, 1), "{credentials}");
    }
}

#[tokio::test]
async fn each_reply_of_a_socks_proxy_is_a_sentence() {
    let api = Api::start().await;
    for (reply, expected) in [
        (1, "the proxy opened no connection, and doesn't say why (general SOCKS server failure)"),
        (2, "the proxy doesn't allow a connection to this host or port"),
        (3, "the proxy can't reach the network of this host"),
        (4, "the proxy can't reach this host, or doesn't know its name"),
        (5, "the host refused the proxy's connection"),
        (6, "the proxy's connection to this host took too long (TTL expired)"),
        (7, "the proxy doesn't support `CONNECT` of SOCKS5"),
        (
            8,
            "the proxy doesn't support this type of address: it gets a name with `socks5h://`, and an address with `socks5://`",
        ),
        (9, "what the proxy sent is not SOCKS5; is this its port for HTTP?"),
    ] {
        let proxy = SocksProxy::builder().refusing(reply).start().await;
        let (transport, shown) = (api.client().proxy(proxy.url("socks5", "")), proxy.url("socks5", ""));
        let error = no_connection(&transport.build().expect("a client"), &shown).await;
        assert_eq!(reason(&error, &shown), expected, "{reply}");
    }
}

#[tokio::test]
async fn what_is_not_a_socks_proxy_is_named_with_the_reason() {
    let api = Api::start().await;
    for (response, expected) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], "what the proxy sent is not SOCKS5; is this its port for HTTP?"),
        (b"\x04\x00", "what the proxy sent is not SOCKS5; is this its port for HTTP?"),
        (b"", "the proxy closed the connection: it may not accept the user and password, or it isn't a SOCKS5 proxy"),
        (
            b"\x05",
            "the proxy closed the connection: it may not accept the user and password, or it isn't a SOCKS5 proxy",
        ),
        // It accepts, and then closes.
        (
            b"\x05\x00",
            "the proxy closed the connection: it may not accept the user and password, or it isn't a SOCKS5 proxy",
        ),
    ] {
        let proxy = SocksProxy::builder().responding(response).start().await;
        let (transport, shown) = (api.client().proxy(proxy.url("socks5h", "")), proxy.url("socks5h", ""));
        let error = no_connection(&transport.build().expect("a client"), &shown).await;
        assert_eq!(reason(&error, &shown), expected, "{response:?}");
    }
}

#[tokio::test]
async fn a_socks_proxy_that_is_down_is_named_and_each_attempt_tries_it() {
    let (api, proxy) = (Api::start().await, format!("socks5://{}", unused_address().await));
    let error = no_connection(&Retry::new(api.client().proxy(&proxy).build().expect("a client")), &proxy).await;
    // hyper-util, through which reqwest connects, hides the cause.
    let expected = if IS_OVER_HYPER {
        "the proxy can't be reached; 3 attempts: Connection refused"
    } else {
        "the proxy can't be reached: nothing accepts connections at its address, or its name is unknown; 3 attempts"
    };
    assert!(reason(&error, &proxy).starts_with(expected), "{error:#}");
}

#[tokio::test]
async fn a_silent_socks_proxy_ends_with_the_connect_timeout() {
    let api = Api::start().await;
    let silent = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let proxy = format!("socks5://{}", silent.local_addr().expect("a bound listener"));
    let timeout = Duration::from_millis(200);
    let transport = api.client().proxy(&proxy).connect_timeout(timeout).build().expect("a client");
    let start = Instant::now();
    let error = no_connection(&transport, &proxy).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: timeout });
    assert!((timeout..timeout * 5).contains(&start.elapsed()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn credentials_that_are_too_long_with_the_host_are_an_error_that_says_so() {
    let (api, long) = (Api::start().await, "x".repeat(200));
    let proxy = SocksProxy::builder().with_names(api.server.address()).demanding("ada", &long).start().await;
    let host = format!("{}.example", "a".repeat(60));
    let transport = api.client_of(&format!("https://{host}")).proxy(proxy.url("socks5h", &format!("ada:{long}@")));
    let shown = proxy.url("socks5h", "");
    let error = no_connection(&transport.build().expect("a client"), &shown).await;
    let expected = "the proxy's user and password and the API's host are longer than 249 bytes together";
    assert_eq!(reason(&error, &shown), expected);
}

#[tokio::test]
async fn http2_is_used_through_a_socks_proxy_and_calls_that_start_together_share_it() {
    let (authority, proxy) = (Authority::new("Flow"), SocksProxy::builder().start().await);
    let (listener, address) = listener().await;
    let mut config = authority.server(&[HOST], |_| {});
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut requests = echo(listener, Some(TlsAcceptor::from(Arc::new(config))), 16);
    let builder = Network::builder(format!("https://{address}")).root_certificate_pem(authority.pem());
    let transport = builder.proxy(proxy.url("socks5", "")).build().expect("a client");
    assert_shared(&transport, &mut requests, 16).await;
    assert_eq!(proxy.targets(), [address]);
}
