//! Connections: kept for the next call, closed with a dropped one, and lost in several ways.

use std::time::Duration;

use courier_core::ConfigError;
use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::transport_error;
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, unused_address};
use crate::under_test::{self, Network};

#[tokio::test]
async fn consecutive_calls_share_a_connection() {
    // Errors and bodies that nothing reads don't cost the connection.
    let replies =
        [(200, record("CANCELED")), (404, "gone".to_owned()), (409, String::new()), (200, record("CANCELED"))];
    let mut server = Server::start(replies.map(|(status, body)| Reply::json(status, body))).await;
    let courier = server.courier();
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    courier.cancel(ID).await.expect_err("404 is not declared");
    courier.clone().cancel(ID).await.expect_err("409 without a record");
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");

    let connections: Vec<_> = server.received().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0; 4]);
}

/// Otherwise a request would be sent on a connection that the server is just closing.
#[tokio::test]
async fn an_idle_connection_is_closed_before_the_server_closes_it_if_it_says_when() {
    for (keep_alive, connections) in [("keep-alive: timeout=1, max=100", [0, 0, 1]), ("keep-alive: max=100", [0, 0, 0])]
    {
        let reply = || Reply::with_headers(200, &[keep_alive], record("CANCELED"));
        let mut server = Server::start([reply(), reply(), reply()]).await;
        let courier = server.courier();
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
        tokio::time::sleep(Duration::from_millis(900)).await;
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
        let received: Vec<_> = server.received().iter().map(|request| request.connection).collect();
        assert_eq!(received, connections, "{keep_alive}");
    }
}

#[tokio::test]
async fn a_pause_after_which_a_connection_was_lost_is_not_risked_again() {
    let reply = || Reply::json(200, record("CANCELED"));
    let mut server = Server::start([reply(), Reply::silence().and_close(), reply(), reply(), reply()]).await;
    let courier = server.courier();
    let pause = |millis| tokio::time::sleep(Duration::from_millis(millis));
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    pause(600).await;
    transport_error(courier.cancel(ID).max_attempts(1).await);
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    // The first one may have taken longer.
    pause(1200).await;
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    let connections: Vec<_> = server.received().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 1, 1, 2]);
}

#[tokio::test]
async fn a_refused_connection_means_the_request_did_not_arrive() {
    let courier = under_test::courier().api_key(KEY).base_url(format!("http://{}", unused_address().await)).build();
    let error = transport_error(courier.expect("a client").cancel(ID).max_attempts(1).await);
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(!error.may_have_arrived());
    assert_eq!(error.status(), None);
}

/// Responds to the first bytes of the handshake as HTTP servers do.
#[tokio::test]
async fn a_server_without_tls_gets_no_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let first = stream.read_u8().await.expect("the first byte of a handshake");
        assert_ne!(first, b'P', "not a byte of the POST");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await.expect("a response");
    });
    let courier = under_test::courier().api_key(KEY).base_url(base_url).build().expect("a client");
    let error = transport_error(courier.cancel(ID).max_attempts(1).await);
    assert_eq!(error.kind(), TransportErrorKind::Tls);
    assert!(!error.may_have_arrived());
}

#[tokio::test]
async fn a_request_may_have_arrived_if_the_connection_is_lost_before_the_response() {
    let mut server = Server::start([Reply::silence().and_close(), Reply::json(200, record("CANCELED"))]).await;
    let error = transport_error(server.courier().cancel(ID).max_attempts(1).await);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert!(error.may_have_arrived());
    assert_eq!(error.status(), None);
    assert_eq!(server.received().len(), 1, "the HTTP client does not retry");
}

#[tokio::test]
async fn the_http_client_does_not_retry_on_a_lost_kept_connection() {
    let replies = [(200, false), (200, true), (200, false)].map(|(status, lost)| {
        if lost { Reply::silence().and_close() } else { Reply::json(status, record("CANCELED")) }
    });
    let mut server = Server::start(replies).await;
    let courier = server.courier();
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    let error = transport_error(courier.cancel(ID).max_attempts(1).await);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert!(error.may_have_arrived());
    let connections: Vec<_> = server.received().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0]);
}

/// The host decides as written; no name is looked up.
#[test]
fn a_key_needs_https_except_to_loopback_or_with_opt_in() {
    let bearer = |base: &str| Network::builder(base).bearer_token(KEY);
    let secret = |base: &str| Network::builder(base).secret_header("x-api-key", KEY);
    for base in ["http://api.example", "http://10.0.0.1", "http://localhost.example", "http://127.0.0.1.example"] {
        for builder in [bearer(base), secret(base)] {
            let error = builder.build().expect_err(base);
            assert!(matches!(error, ConfigError::PlainHttp { .. }), "{base}: {error}");
        }
        bearer(base).allow_plain_http().build().expect("after opt-in");
        Network::builder(base).build().expect("no key is sent");
    }
    for base in ["http://localhost", "http://127.0.0.1:1", "http://[::1]:1/api", "https://api.example"] {
        bearer(base).build().expect(base);
        secret(base).build().expect(base);
    }
}
