//! What holds as over the transport's own connections.

use std::time::{Duration, Instant};

use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TimeLimit, TransportErrorKind};
use courier_core::{Courier, Download, Error, Raw, ReqwestTransport, Result, Transport, endpoint};
use tokio::net::TcpListener;

use super::super::{Pings as _, refusal};
use super::{builder, client, through};
use crate::flow::key_search::assert_hidden;
use crate::flow::record::{ID, record};
use crate::flow::server::{KEY, Reply, Server, unused_address};
use crate::flow::transport::broken::gzip::gzip;
use crate::flow::transport::tls::server::{Authority, HOST, TlsServer};
use crate::flow::transport::{own_client, transport_error};

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    async fn file(&self) -> Result<Raw>;
    #[endpoint(GET, "/file", ok = 200, header("accept-encoding" = "gzip"))]
    async fn compressed(&self) -> Result<Raw>;
    #[endpoint(GET, "/file", ok = 200)]
    async fn download(&self) -> Result<Download>;
}

impl<T: Transport> Files for T {}

const MOMENT: Duration = Duration::from_millis(100);

#[tokio::test]
async fn attempts_and_calls_end_at_their_limits() {
    let cut = || Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{");
    let server = Server::start([Reply::silence(), Reply::silence(), cut(), cut()]).await;
    let limited = || builder(&server).attempt_timeout(MOMENT).build().expect("a transport");
    for status in [None, Some(200)] {
        let start = Instant::now();
        let error = transport_error(limited().ping().await);
        let kind = TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: MOMENT };
        assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (kind, status));
        let error = transport_error(builder(&server).build().expect("a transport").ping().deadline(MOMENT).await);
        assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, .. }), "{error}");
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    }
}

#[tokio::test]
async fn a_body_ends_at_its_limits() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n";
    let server = Server::start([
        Reply::json(200, "0123456789"),
        Reply::raw([head, "0"].concat()),
        Reply::raw(head).and_forever("0", MOMENT / 10),
    ])
    .await;
    let error = transport_error(builder(&server).max_body_bytes(9).build().expect("a transport").file().await);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 9 });
    for builder in [builder(&server).idle_timeout(MOMENT), builder(&server).stream_timeout(MOMENT)] {
        let transport = builder.build().expect("a transport");
        let mut download = transport.download().await.expect("a head");
        let error = loop {
            if let Err(error) = download.chunk().await {
                break error;
            }
        };
        assert!(error.is_timeout() && error.status().is_some(), "{error:?}");
    }
}

#[tokio::test]
async fn a_gzip_body_is_decompressed_up_to_its_limit() {
    let reply = || Reply::with_headers(200, &["content-encoding: gzip"], gzip("x".repeat(100_000)));
    let mut server = Server::start([(); 4].map(|()| reply())).await;
    let transport = builder(&server).build().expect("a transport");
    assert_eq!(transport.file().await.expect("a body").0.len(), 100_000);
    let mut download = transport.download().await.expect("a head");
    let mut length = 0;
    while let Some(chunk) = download.chunk().await.expect("a chunk") {
        length += chunk.len();
    }
    assert_eq!(length, 100_000);
    let error = transport_error(builder(&server).max_body_bytes(99_999).build().expect("a transport").file().await);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 99_999 });
    assert_eq!(server.request().await.header("accept-encoding"), ["gzip"]);
}

/// The rest of that row: reqwest's `gzip` decompresses first.
#[tokio::test]
async fn a_gzip_body_that_the_call_asked_for_is_unchanged_unless_the_client_decompresses() {
    let two_members = [gzip("first"), gzip("second")].concat();
    let reply = || Reply::with_headers(200, &["content-encoding: gzip"], &two_members);
    let server = Server::start([reply(), reply()]).await;
    let transport = builder(&server).build().expect("a transport");
    let (unchanged, decompressed) = (transport.compressed().await, transport.file().await);
    let bodies = [unchanged.expect("a body").0, decompressed.expect("a body").0];
    if cfg!(feature = "gzip-of-reqwest") {
        assert_eq!(bodies, ["first", "first"]);
    } else {
        assert_eq!(bodies, [&two_members[..], b"firstsecond"]);
    }
}

#[tokio::test]
async fn an_ambiguous_or_truncated_response_is_refused() {
    for (response, closes, text) in [
        ("transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n", false, "`content-length`"),
        ("transfer-encoding: gzip\r\n\r\nxxxxx", true, "`chunked`"),
        ("content-length: 5\r\n\r\nxx", true, "before the body was complete"),
        ("transfer-encoding: chunked\r\n\r\n5\r\nxx", true, "before the body was complete"),
    ] {
        let reply = Reply::raw(format!("HTTP/1.1 200 OK\r\n{response}"));
        let server = Server::start([if closes { reply.and_close() } else { reply }]).await;
        let error = transport_error(builder(&server).build().expect("a transport").file().await);
        assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{error}");
        assert_eq!(error.status().expect("a head").as_u16(), 200);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn an_error_says_whether_the_request_may_have_arrived() {
    let url = format!("http://{}", unused_address().await);
    let transport = ReqwestTransport::from_client(client(), &url).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
    assert!(error.to_string().starts_with(&format!("no connection to {url}; nothing was sent")), "{error}");

    for reply in [Reply::silence().and_close(), Reply::silence().and_reset()] {
        let server = Server::start([reply]).await;
        let error = transport_error(builder(&server).build().expect("a transport").ping().await);
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Interrupted, true));
    }
}

#[tokio::test]
async fn transient_failures_are_retried() {
    let replies = || [Reply::json(429, ""), Reply::json(200, record("CANCELED"))];
    let mut server = Server::start(replies()).await;
    let courier = server.builder().client(client()).build().expect("a client");
    let response = courier.cancel(ID).with_response().await.expect("a cancellation");
    assert_eq!(response.attempts, 2);
    assert_eq!(server.received().len(), 2);

    let server = Server::start([Reply::silence().and_close(), Reply::json(200, "ok")]).await;
    let retry = Retry::new(builder(&server).build().expect("a transport"));
    assert_eq!(retry.ping().await.expect("a response").0, "ok");
}

#[tokio::test]
async fn errors_and_logs_hide_the_key() {
    let server = Server::start([Reply::json(500, format!("Bearer {KEY}"))]).await;
    let transport = builder(&server).build().expect("a transport");
    let error = transport.ping().await.expect_err("an undeclared status");
    assert_hidden(&error);
    assert!(error.to_string().contains("[redacted]"), "{error}");
    assert!(!format!("{transport:?}").contains(KEY));
}

#[tokio::test]
async fn a_key_is_sent_only_over_tls_or_to_this_machine() {
    let over = |base_url| ReqwestTransport::from_client(client(), base_url);
    assert!(refusal(over("http://api.example").bearer_token(KEY)).contains("unencrypted"));
    over("http://api.example").bearer_token(KEY).allow_plain_http().build().expect("after opt-in");
    over("http://api.example").build().expect("without a key");
    for base_url in ["https://api.example", "http://127.0.0.1:1", "http://[::1]:1"] {
        over(base_url).bearer_token(KEY).build().expect(base_url);
    }
    let courier = Courier::builder().api_key(KEY).base_url("http://api.example").client(client()).build();
    assert!(courier.expect_err("unencrypted").to_string().contains("unencrypted"));
}

#[tokio::test]
async fn a_tls_error_is_in_words() {
    let authority = Authority::new("Flow");
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), "").await;
    let client = own_client().build().expect("a client");
    let transport = ReqwestTransport::from_client(client, server.url()).bearer_token(KEY).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert!(error.is_connect() && !error.may_have_arrived(), "{error:?}");
    assert!(error.to_string().contains("the server's certificate is from an unknown issuer"), "{error}");
}

#[tokio::test]
async fn a_timeout_of_the_client_is_reported_in_words() {
    // The client's own limit is shorter than the transport's.
    let server = Server::start([Reply::silence(), Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{")]).await;
    for status in [None, Some(200)] {
        let error = transport_error(through(own_client().timeout(MOMENT), &server).ping().await);
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Interrupted, true));
        assert_eq!(error.status().map(|status| status.as_u16()), status);
        let text = error.to_string();
        assert!(text.contains("a timeout of the application's own client ran out"), "{text}");
    }
    let server = Server::start([Reply::silence()]).await;
    let error = transport_error(through(own_client().read_timeout(MOMENT), &server).ping().await);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert!(error.to_string().contains("a timeout of the application's own client ran out"), "{error}");
}

/// It accepts connections, but never begins the TLS handshake.
#[tokio::test]
async fn the_connect_timeout_of_the_client_is_reported_in_words() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("https://{}", silent.local_addr().expect("a bound listener"));
    let client = own_client().connect_timeout(MOMENT).build().expect("a client");
    let transport = ReqwestTransport::from_client(client, url).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
    assert!(error.to_string().contains("a timeout of the application's own client ran out"), "{error}");
    let Error::Transport { .. } = transport.ping().await.expect_err("silence") else { panic!("another error") };
}
