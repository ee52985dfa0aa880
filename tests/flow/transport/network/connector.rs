//! Connections that the application opens itself, for the transport over hyper.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use courier_core::transport::{TimeLimit, TransportBuilder, TransportErrorKind};
use courier_core::{ConfigError, HyperTransport};
use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio_rustls::TlsAcceptor;

use super::Pings as _;
use crate::flow::server::KEY;
use crate::flow::transport::tls::server::Authority;
use crate::flow::transport::transport_error;

/// Serves one request in this process, and returns its head.
async fn serve(mut stream: impl tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|length| length > 0) {}
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\npong").await.ok();
    String::from_utf8(head).expect("a head of text")
}

/// What was opened: the URL, and the other end.
type Opened = Arc<Mutex<Vec<(Uri, DuplexStream)>>>;

/// A builder whose connections stay within this process.
fn in_process(base_url: &str, opened: &Opened) -> TransportBuilder<HyperTransport> {
    let opened = Arc::clone(opened);
    let connector = tower::service_fn(move |url: Uri| {
        let (client, server) = duplex(64 * 1024);
        opened.lock().expect("no panic").push((url, server));
        async { Ok::<_, std::io::Error>(TokioIo::new(client)) }
    });
    HyperTransport::builder(base_url).connector(connector)
}

/// The next connection that is opened.
async fn next(opened: &Opened) -> (Uri, DuplexStream) {
    loop {
        if let Some(connection) = opened.lock().expect("no panic").pop() {
            return connection;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_call_travels_over_the_stream_that_an_own_connector_opens() {
    let opened = Opened::default();
    for (base_url, url, host) in [
        ("http://localhost/v1", "http://localhost:80/", "localhost"),
        ("http://localhost:81/v1", "http://localhost:81/", "localhost:81"),
    ] {
        let transport = in_process(base_url, &opened).bearer_token(KEY).build().expect("a transport");
        let (response, (seen, head)) = tokio::join!(transport.ping(), async {
            let (url, stream) = next(&opened).await;
            (url, serve(stream).await)
        });
        assert_eq!(response.expect("a response").0, "pong");
        assert_eq!(seen, url);
        assert!(
            head.starts_with("GET /v1/ping HTTP/1.1\r\n") && head.contains(&format!("\r\nhost: {host}\r\n")),
            "{head}"
        );
        assert!(head.contains(&format!("\r\nauthorization: Bearer {KEY}\r\n")), "{head}");
    }
}

#[tokio::test]
async fn tls_over_an_own_connector_verifies_the_name_of_the_base_url() {
    let (opened, authority) = (Opened::default(), Authority::new("Flow"));
    let acceptor = TlsAcceptor::from(Arc::new(authority.server(&["api.example"], |_| {})));
    for (base_url, is_trusted) in [("https://api.example", true), ("https://other.example", false)] {
        let builder = in_process(base_url, &opened).bearer_token(KEY).root_certificate_pem(authority.pem());
        let transport = builder.build().expect("a transport");
        let (response, (url, head)) = tokio::join!(transport.ping(), async {
            let (url, stream) = next(&opened).await;
            let head = match acceptor.accept(stream).await {
                Ok(stream) => Some(serve(stream).await),
                Err(_) => None,
            };
            (url, head)
        });
        assert_eq!(url.to_string(), format!("{}:443/", base_url.replace("https", "http")));
        assert_eq!(
            (response.is_ok(), head.is_some_and(|head| !head.is_empty())),
            (is_trusted, is_trusted),
            "{response:?}"
        );
        if let Err(error) = response {
            assert!(error.to_string().contains("not valid for name \"other.example\""), "{error}");
        }
    }
}

#[tokio::test]
async fn the_error_of_an_own_connector_is_the_source_and_nothing_was_sent() {
    let connector = tower::service_fn(|_: Uri| async { Err::<TokioIo<DuplexStream>, _>("the jump host is down") });
    let transport = HyperTransport::builder("http://localhost").connector(connector).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
    assert_eq!(
        format!("{error:#}"),
        "no connection to http://localhost through the connector of `.connector(…)`; nothing was sent: the jump host is down"
    );
}

#[tokio::test]
async fn an_own_connector_ends_with_the_connect_timeout() {
    /// Notes when it is dropped.
    struct Dropped(Arc<Mutex<bool>>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            *self.0.lock().expect("no panic") = true;
        }
    }

    let is_dropped = Arc::new(Mutex::new(false));
    let noted = Arc::clone(&is_dropped);
    let connector = tower::service_fn(move |_: Uri| {
        let dropped = Dropped(Arc::clone(&noted));
        async move {
            let _dropped = dropped;
            std::future::pending::<Result<TokioIo<DuplexStream>, std::io::Error>>().await
        }
    });
    let timeout = Duration::from_millis(200);
    let builder = HyperTransport::builder("http://localhost").connector(connector).connect_timeout(timeout);
    let transport = builder.build().expect("a transport");
    let start = Instant::now();
    let error = transport_error(transport.ping().await);
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Connect, after: timeout });
    assert!((timeout..timeout * 5).contains(&start.elapsed()), "{:?}", start.elapsed());
    assert!(*is_dropped.lock().expect("no panic"));
}

/// Where its streams lead isn't known.
#[test]
fn a_key_may_go_unencrypted_over_an_own_connector_only_to_this_machine_or_with_opt_in() {
    let builder = |base_url: &str| in_process(base_url, &Opened::default()).bearer_token(KEY);
    for base_url in ["http://api.example", "http://api.localhost", "http://10.0.0.1"] {
        let error = builder(base_url).build().expect_err(base_url);
        assert!(matches!(error, ConfigError::PlainHttp { .. }), "{base_url}: {error}");
        builder(base_url).allow_plain_http().build().expect("after opt-in");
    }
    for base_url in ["http://localhost", "http://127.0.0.1:1", "http://[::1]", "https://api.example"] {
        builder(base_url).build().expect(base_url);
    }
}
