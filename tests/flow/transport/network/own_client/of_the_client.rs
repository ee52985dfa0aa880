//! What the client decides.

use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Courier, Error, ReqwestTransport, reqwest};

use super::super::Pings as _;
use super::{advised, builder, client, through};
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, unused_address};
use crate::flow::transport::http2::server::{END_HEADERS, END_STREAM, Listener, STATUS_200, frame, literal};
use crate::flow::transport::{own_client, transport_error};

/// RFC 9113, section 7.
const NO_ERROR: u32 = 0;

#[tokio::test]
async fn the_pool_is_shared_with_other_code_of_the_application() {
    let mut server = Server::start([(); 4].map(|()| Reply::json(200, record("CANCELED")))).await;
    let client = client();
    let get = || async { client.get(server.url()).send().await.expect("a response").bytes().await.expect("a body") };
    get().await;
    let courier = server.builder().client(client.clone()).build().expect("a client");
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    let transport = ReqwestTransport::from_client(client.clone(), server.url()).build().expect("a transport");
    transport.ping().await.expect("a response");
    get().await;
    let connections: Vec<_> = server.received().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0; 4]);
}

#[tokio::test]
async fn default_headers_of_the_client_are_sent_unless_the_transport_sets_them() {
    let mut headers = http::HeaderMap::new();
    headers.insert("x-tenant", http::HeaderValue::from_static("acme"));
    headers.insert("authorization", http::HeaderValue::from_static("Bearer of-the-client"));
    let mut server = Server::start([Reply::json(200, "ok"), Reply::json(500, "of-the-client")]).await;
    let transport = through(own_client().default_headers(headers.clone()), &server);
    transport.ping().await.expect("a response");
    let request = server.request().await;
    assert_eq!(request.header("x-tenant"), ["acme"]);
    assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);

    // Without a credential of the transport, the client's is sent, and an error doesn't hide it: the transport can't know it.
    let client = own_client().default_headers(headers).build().expect("a client");
    let builder = ReqwestTransport::from_client(client, server.url());
    let shown = format!("{builder:?}");
    let transport = builder.build().expect("a transport");
    assert!(!format!("{shown} {transport:?}").contains("of-the-client"), "{shown} {transport:?}");
    let error = transport.ping().await.expect_err("an undeclared status");
    assert_eq!(server.request().await.header("authorization"), ["Bearer of-the-client"]);
    assert!(error.to_string().contains("of-the-client"), "{error}");
}

#[tokio::test]
async fn redirects_are_followed_unless_the_client_says_otherwise() {
    let replies = || [Reply::with_headers(302, &["location: /elsewhere"], ""), Reply::json(200, "moved")];
    let mut server = Server::start(replies()).await;
    assert_eq!(through(own_client(), &server).ping().await.expect("a response").0, "moved");
    assert_eq!(server.received()[1].target(), "/elsewhere");

    let server = Server::start(replies()).await;
    let error = builder(&server).build().expect("a transport").ping().await.expect_err("302 is not declared");
    assert!(matches!(&error, Error::Status { response, .. } if response.status() == 302), "{error:?}");
}

#[tokio::test]
async fn retries_of_the_client_are_not_counted() {
    let mut server = Server::start([Reply::json(503, ""), Reply::json(200, record("CANCELED"))]).await;
    let policy = reqwest::retry::for_host("127.0.0.1").no_budget().classify_fn(|result| {
        if result.status().is_some_and(|status| status == 503) { result.retryable() } else { result.success() }
    });
    let client = own_client().retry(policy).build().expect("a client");
    let courier = server.builder().client(client).build().expect("a client");
    let response = courier.cancel(ID).with_response().await.expect("a cancellation");
    assert_eq!((response.attempts, server.received().len()), (1, 2));
}

/// A `GOAWAY` doesn't prove that the request had no effect.
#[tokio::test]
async fn the_client_repeats_a_post_after_a_goaway_unless_it_never_retries() {
    for (client, repeats) in [(own_client(), true), (advised(own_client()), false)] {
        let listener = Listener::bind().await;
        let client = client.http2_prior_knowledge().build().expect("a client");
        let transport = ReqwestTransport::from_client(client, listener.url()).build().expect("a transport");
        let (result, _open) = tokio::join!(transport.cancel(ID), async {
            let mut first = listener.accept().await;
            first.request().await;
            first.go_away(0, NO_ERROR, b"").await;
            let mut open = vec![first];
            if repeats {
                let mut second = listener.accept().await;
                let stream = second.request().await;
                second.respond(stream, &record("CANCELED")).await;
                open.push(second);
            }
            open
        });
        match result {
            Ok(_) => assert!(repeats),
            error => {
                let error = transport_error(error);
                assert!(!repeats && error.may_have_arrived(), "{error}");
            }
        }
    }
}

/// Otherwise the error of a call through an own client would name limits that aren't the client's.
#[tokio::test]
async fn the_headers_of_a_response_have_the_limits_of_hyper() {
    let head = |headers: usize| "x: y\r\n".repeat(headers);
    let reply = |headers| Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n{}\r\nok", head(headers)));
    let server = Server::start([reply(99), reply(100)]).await;
    let transport = builder(&server).build().expect("a transport");
    transport.ping().await.expect("100 headers");
    let error = transport_error(transport.ping().await);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    let limits =
        "with a client passed to `.client(…)`, its own limits apply, by default 100 over HTTP/1 and 16 KiB over HTTP/2";
    assert!(error.to_string().contains(limits), "{error}");

    let listener = Listener::bind().await;
    let client = advised(own_client()).http2_prior_knowledge().build().expect("a client");
    let transport = ReqwestTransport::from_client(client, listener.url()).build().expect("a transport");
    let (error, _open) = tokio::join!(transport.ping(), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        let field = literal("x", &"y".repeat(100));
        let block = [STATUS_200, &field.repeat(130)].concat();
        connection.send(frame::HEADERS, END_HEADERS | END_STREAM, stream, &block).await.expect("a client that reads");
        connection
    });
    let error = transport_error(error);
    assert!(error.to_string().contains(limits), "{error}");
}

#[tokio::test]
async fn a_keep_alive_timeout_is_not_read() {
    let reply = || Reply::with_headers(200, &["keep-alive: timeout=1"], "ok");
    let mut server = Server::start([reply(), reply()]).await;
    let transport = builder(&server).build().expect("a transport");
    transport.ping().await.expect("a response");
    tokio::time::sleep(Duration::from_millis(900)).await;
    transport.ping().await.expect("a response");
    let connections: Vec<_> = server.received().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0]);
}

/// The transport can't know it, so a key for this machine goes there.
#[tokio::test]
async fn a_proxy_of_the_client_sees_calls_to_an_http_url() {
    let mut proxy = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let client = own_client().proxy(reqwest::Proxy::all(proxy.url()).expect("a proxy")).build().expect("a client");
    let base_url = format!("http://{}", unused_address().await);
    let courier = Courier::builder().api_key(KEY).base_url(&base_url).client(client).build().expect("a client");
    let _cancelled = courier.cancel(ID).await.expect("a response of the proxy");
    let request = proxy.request().await;
    assert_eq!(request.target(), format!("{base_url}/messages/{ID}/cancel"));
    assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);
}

/// As over the transport's own connections in `http2::replaced`, the server ends each connection at its third request.
#[tokio::test]
async fn a_connection_is_not_replaced_before_the_limit_that_its_server_has_shown() {
    let listener = Listener::bind().await;
    let client = advised(own_client()).http2_prior_knowledge().build().expect("a client");
    let transport = ReqwestTransport::from_client(client, listener.url()).build().expect("a transport");
    for _ in 0..3 {
        let calls = async {
            for _ in 0..2 {
                transport.ping().await.expect("a response");
            }
            transport_error(transport.ping().await)
        };
        let (error, _open) = tokio::join!(calls, async {
            let mut connection = listener.accept().await;
            for _ in 0..2 {
                let stream = connection.request().await;
                connection.respond(stream, "ok").await;
            }
            connection.request().await;
            connection.go_away(3, NO_ERROR, b"").await;
            connection
        });
        assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error}");
    }
}
