//! A connection error says what happened and what it means in terms of HTTP, not of a library.

use std::time::Duration;

use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{Result, Transport, endpoint};
use futures_util::future::join_all;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::http2::server::Listener;
use super::transport_error;
use crate::flow::key_search;
use crate::flow::server::{KEY, Reply, Server, settle, unused_address};
use crate::under_test::{IS_OVER_HYPER, Network};

trait Uploads: Transport {
    #[endpoint(PUT, "/file", ok = 200)]
    async fn upload(&self, #[raw("text/plain")] body: &str) -> Result<()>;
    #[endpoint(GET, "/file", ok = 200)]
    async fn get(&self) -> Result<()>;
}
impl<T: Transport> Uploads for T {}

fn assert_says(error: &TransportError, expected: &str) {
    let text = format!("{error:#}");
    assert!(text.contains(expected), "{text}");
    for word in ["hyper", "dispatch", "dropped the", "request was canceled", "channel closed", "message completed"] {
        assert!(!text.contains(word), "{text}");
    }
}

/// An endpoint's own path and query are shorter.
#[tokio::test]
async fn a_request_whose_url_is_too_long_says_so() {
    let transport =
        Network::builder("http://127.0.0.1:1").secret_query("key", "x".repeat(1000)).build().expect("a client");
    let mut request = courier_core::Request::default();
    *request.uri_mut() = format!("/{}", "x".repeat(65_000)).parse().expect("a path");
    let error = transport.send(request).await.expect_err("too long");
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, false));
    assert!(error.to_string().contains("are too long for a URI together"), "{error}");
}

/// One of the calls opens the connection for all. Over hyper, the others then try it themselves, and know why.
#[tokio::test]
async fn each_call_waiting_for_a_shared_connection_says_that_it_could_not_be_opened() {
    let url = format!("http://{}", unused_address().await);
    let builder = Network::builder(url).bearer_token(KEY).http2_prior_knowledge();
    let transport = builder.build().expect("a client");
    let mut waited = 0;
    for result in join_all((0..10).map(|_| transport.get())).await {
        let error = transport_error(result);
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
        if format!("{error:#}").contains("Connection refused") {
            continue;
        }
        assert_says(
            &error,
            "this call waited for a connection that another call was opening, but it could not be opened",
        );
        waited += 1;
    }
    assert_eq!(waited > 0, !IS_OVER_HYPER, "{waited} calls waited for another call's connection");
}

#[tokio::test]
async fn a_connection_that_ends_before_the_response_says_who_ended_it() {
    let server = Server::start([Reply::silence().and_close()]).await;
    let error = transport_error(server.transport().get().await);
    assert_says(&error, "the server closed the connection before its response was complete");
}

#[tokio::test]
async fn a_reset_connection_says_what_the_reason_may_be() {
    let server = Server::start([Reply::silence().and_reset()]).await;
    let error = transport_error(server.transport().get().await);
    assert_says(&error, "the connection was reset: the server, or a proxy before it");
    assert!(error.may_have_arrived());
}

/// Reads the beginning, and closes the connection with the rest unread.
#[tokio::test]
async fn a_connection_closed_while_sending_suggests_that_the_request_is_too_large() {
    key_search::begin();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    let body = "x".repeat(32 << 20);
    for http2 in [false, true] {
        let builder = Network::builder(&url).bearer_token(KEY);
        let builder = if http2 { builder.http2_prior_knowledge() } else { builder };
        let transport = builder.build().expect("a client");
        let (result, ()) = tokio::join!(transport.upload(&body), async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            stream.read_exact(&mut [0; 1000]).await.expect("the beginning");
        });
        let error = transport_error(result);
        assert_says(&error, "the request may be too large for it");
        assert!(error.may_have_arrived());
    }
}

/// Calls wait for their turn on the connection while the server shuts it down.
#[tokio::test]
async fn a_queued_call_says_that_the_server_shut_down() {
    let listener = Listener::bind().await;
    let builder = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
    let transport = builder.attempt_timeout(Duration::from_secs(1)).build().expect("a client");
    let calls = async {
        transport.get().await.expect("the first response");
        join_all((0..4).map(|_| transport.get())).await
    };
    let (results, _open) = tokio::join!(calls, async {
        // SETTINGS_MAX_CONCURRENT_STREAMS is one.
        let mut connection = listener.accept_with(&[0, 3, 0, 0, 0, 1]).await;
        let stream = connection.request().await;
        connection.respond(stream, "").await;
        let stream = connection.request().await;
        connection.go_away(stream, 0, b"").await;
        settle().await;
        connection.respond(stream, "").await;
        settle().await;
        connection
    });
    let failed = results.into_iter().filter(Result::is_err);
    let errors: Vec<TransportError> = failed.map(transport_error).collect();
    let ends = |error: &TransportError| {
        let text = error.to_string();
        text.contains("the connection ended before the response: the server shut it down (GOAWAY)")
    };
    assert!(errors.iter().any(ends), "{errors:#?}");
    // The others use a new connection, which this server doesn't serve.
    for error in errors.iter().filter(|error| error.kind() == TransportErrorKind::Interrupted) {
        assert_says(error, "GOAWAY");
        assert!(error.may_have_arrived(), "{error}");
    }
}

#[tokio::test]
async fn every_http2_error_code_is_explained() {
    for (code, name) in [
        (0, "NO_ERROR: "),
        (1, "PROTOCOL_ERROR: "),
        (2, "INTERNAL_ERROR: "),
        (8, "CANCEL: "),
        (11, "ENHANCE_YOUR_CALM: "),
        (13, "HTTP_1_1_REQUIRED: "),
        (0xffff_fc7a, "0xfffffc7a, a code that HTTP/2 doesn't define"),
    ] {
        for go_away in [true, false] {
            let listener = Listener::bind().await;
            let builder = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
            let transport = builder.build().expect("a client");
            let (result, _open) = tokio::join!(transport.get(), async {
                let mut connection = listener.accept().await;
                let stream = connection.request().await;
                if go_away {
                    connection.go_away(0, code, b"").await;
                } else {
                    connection.reset(stream, code).await;
                }
                connection
            });
            let error = transport_error(result);
            let what = if go_away { "the connection by GOAWAY" } else { "the stream by RST_STREAM" };
            assert_says(&error, &format!("the server ended {what} {name}"));
            for misleading in ["Reason(", "unknown reason", "not a result of an error"] {
                assert!(!error.to_string().contains(misleading), "{error}");
            }
        }
    }
}
