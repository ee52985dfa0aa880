//! HTTP proxies that don't open a tunnel.

use std::time::{Duration, Instant};

use courier_core::transport::{Retry, TimeLimit, TransportErrorKind};
use courier_core::{Events, Reconnecting, Result, Text, Transport, endpoint};

use super::{Api, HttpProxy, no_connection, reason};
use crate::flow::server::{KEY, unused_address};
use crate::under_test::IS_OVER_HYPER;

const CREDENTIALS: &str = "the proxy doesn't accept the user and password, or demands them (407); they are part of its URL: \
                           `http://user:password@host:port`. Only the scheme `Basic` is supported";

#[tokio::test]
async fn a_proxy_that_refuses_the_user_and_password_is_asked_once() {
    let api = Api::start().await;
    for credentials in ["", "ada:wrong@", "eve:lovelace@", "ada@"] {
        let proxy = HttpProxy::builder().demanding("ada", "lovelace").start().await;
        let url = proxy.url().replace("://", &format!("://{credentials}"));
        let transport = Retry::new(api.client().proxy(url).build().expect("a client"));
        let error = no_connection(&transport, &proxy.url()).await;
        assert_eq!(reason(&error, &proxy.url()), CREDENTIALS, "{credentials}");
        // Some proxies lock a user after a few wrong passwords.
        assert_eq!((error.attempts(), proxy.requests().len()), (1, 1), "{credentials}");
    }
}

trait Feeds: Transport {
    #[endpoint(GET, "/feed", ok = 200)]
    async fn feed(&self) -> Result<Events<Text>>;
}
impl<T: Transport> Feeds for T {}

#[tokio::test]
async fn a_feed_is_not_opened_again_if_the_proxy_refuses_the_password() {
    let (api, proxy) = (Api::start().await, HttpProxy::builder().demanding("ada", "lovelace").start().await);
    let transport = api.client().proxy(proxy.url_with("ada:wrong")).build().expect("a client");
    let mut events = Reconnecting::new(|| transport.feed());
    let error = events.next().await.expect("an error").expect_err("refused");
    assert!(error.to_string().contains("(407)"), "{error}");
    assert!(events.next().await.is_none());
    assert_eq!(proxy.requests().len(), 1);
}

#[tokio::test]
async fn the_wrong_password_of_a_proxy_is_not_shown() {
    let (api, proxy) = (Api::start().await, HttpProxy::builder().demanding("ada", "lovelace").start().await);
    let transport = api.client().proxy(proxy.url_with(&format!("ada:{KEY}"))).build().expect("a client");
    // It searches the error for the key.
    no_connection(&transport, &proxy.url()).await;
}

#[tokio::test]
async fn a_proxy_that_opens_no_tunnel_is_named_with_the_reason() {
    let closed = "the proxy closed the connection without a response to `CONNECT`";
    let long = format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(9000));
    let api = Api::start().await;
    for (response, expected) in [
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
            refused("403 Forbidden; it may not allow this host or port"),
        ),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>no</html>", refused("502 Bad Gateway; it may not reach the host")),
        (
            "HTTP/1.0 301 Moved\r\nlocation: http://elsewhere.example\r\n\r\n",
            refused("301 Moved Permanently; it may not be a proxy"),
        ),
        ("SSH-2.0-OpenSSH_9.2\r\n", not_http()),
        ("\x05\x00", not_http()),
        ("", closed.to_owned()),
        ("HTTP/1.1 200 Connection est", closed.to_owned()),
        (&long, "the headers of the proxy's response to `CONNECT` are too long".to_owned()),
    ] {
        let proxy = HttpProxy::builder().responding(response).start().await;
        let transport = api.client().proxy(proxy.url()).build().expect("a client");
        let error = no_connection(&transport, &proxy.url()).await;
        let reason = reason(&error, &proxy.url());
        assert!(reason.starts_with(&expected), "{response:?}: {reason}");
    }
}

/// hyper-util, over which reqwest opens tunnels, doesn't say more than that it isn't a 200.
const NOT_200: &str = "the proxy opened no connection: it responded to `CONNECT` with another status than 200, or not in HTTP. It may \
                       not accept the user and password, not allow this host or port, or not reach the host";

fn refused(status: &str) -> String {
    let named = format!("the proxy opened no connection: it responded to `CONNECT` with {status}");
    if IS_OVER_HYPER { named } else { NOT_200.to_owned() }
}

fn not_http() -> String {
    let named = "what the proxy sent is not HTTP/1; is this the port of an HTTP proxy?";
    if IS_OVER_HYPER { named } else { NOT_200 }.to_owned()
}

/// tinyproxy responds with 401. Over reqwest, it isn't known.
#[tokio::test]
async fn a_401_of_a_proxy_is_a_refused_password_if_it_is_known() {
    let (api, proxy) =
        (Api::start().await, HttpProxy::builder().responding("HTTP/1.0 401 Unauthorized\r\n\r\n").start().await);
    let transport = Retry::new(api.client().proxy(proxy.url_with("ada:wrong")).build().expect("a client"));
    let error = no_connection(&transport, &proxy.url()).await;
    let reason = reason(&error, &proxy.url());
    let (expected, attempts) = if IS_OVER_HYPER {
        ("the proxy doesn't accept the user and password, or demands them (401)", 1)
    } else {
        (NOT_200, 3)
    };
    assert!(reason.starts_with(expected), "{reason}");
    assert_eq!((error.attempts() as usize, proxy.requests().len()), (attempts, attempts));
}

#[tokio::test]
async fn a_proxy_that_is_down_is_named_with_the_reason() {
    let (api, proxy) = (Api::start().await, format!("http://{}", unused_address().await));
    let transport = api.client().proxy(&proxy).build().expect("a client");
    let error = no_connection(&transport, &proxy).await;
    assert!(reason(&error, &proxy).starts_with("the proxy can't be reached: Connection refused"), "{error:#}");
}

#[tokio::test]
async fn an_api_that_the_proxy_cannot_reach_is_named_with_the_reason() {
    let (api, proxy) = (Api::start().await, HttpProxy::start().await);
    let url = format!("https://{}", unused_address().await);
    let transport = api.client_of(&url).proxy(proxy.url()).build().expect("a client");
    let error = no_connection(&transport, &proxy.url()).await;
    assert!(error.to_string().starts_with(&format!(
        "no connection to {url} through the proxy {}: the proxy opened no connection: ",
        proxy.url()
    )));
}

#[tokio::test]
async fn a_silent_proxy_ends_with_the_connect_timeout() {
    let (api, proxy) = (Api::start().await, HttpProxy::builder().silent().start().await);
    let timeout = Duration::from_millis(200);
    let transport = api.client().proxy(proxy.url()).connect_timeout(timeout).build().expect("a client");
    let start = Instant::now();
    let error = no_connection(&transport, &proxy.url()).await;
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: timeout });
    assert!((timeout..timeout * 5).contains(&start.elapsed()), "{:?}", start.elapsed());
}
