//! Unix sockets: every request goes there, and nowhere else.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Download, Result, Transport, endpoint};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::UnixListener;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::{Pings as _, refusal};
use crate::flow::key_search;
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;
use crate::flow::transport::tls::server::Authority;
use crate::flow::transport::transport_error;
use crate::under_test::{self, Network};

trait Exports: Transport {
    #[endpoint(GET, "/export", ok = 200)]
    async fn export(&self) -> Result<Download>;
}

impl<T: Transport> Exports for T {}

fn path(name: &str) -> PathBuf {
    env::temp_dir().join(format!("courier-tests-{}-{name}.sock", std::process::id()))
}

/// A server on a socket of this name, which responds to each request with this body. Dropping it stops it.
struct Server {
    path: PathBuf,
    heads: UnboundedReceiver<String>,
    accepting: JoinHandle<()>,
}

impl Server {
    fn start(name: &str, body: String, tls: Option<TlsAcceptor>) -> Self {
        key_search::begin();
        let path = path(name);
        let listener = UnixListener::bind(&path).expect("a socket that doesn't exist yet");
        let (sender, heads) = mpsc::unbounded_channel();
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let head = match &tls {
                    Some(tls) => serve(tls.accept(stream).await.expect("a handshake"), &body).await,
                    None => serve(stream, &body).await,
                };
                // The test may be over.
                sender.send(head).ok();
            }
        });
        Self { path, heads, accepting }
    }

    fn builder(&self, base_url: &str) -> courier_core::transport::TransportBuilder<Network> {
        Network::builder(base_url).unix_socket(&self.path)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
        std::fs::remove_file(&self.path).ok();
    }
}

/// Responds to one request, and returns its head.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, body: &str) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|length| length > 0) {}
    let response = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(response.as_bytes()).await.ok();
    stream.shutdown().await.ok();
    String::from_utf8(head).expect("a head of text")
}

#[tokio::test]
async fn a_call_over_a_unix_socket_has_the_host_and_the_prefix_of_the_base_url() {
    let mut server = Server::start("call", record("CANCELED"), None);
    // The name has no address, and the key is allowed.
    let base_url = "http://docker.invalid:81/v1";
    let courier = under_test::courier().api_key(KEY).base_url(base_url).unix_socket(&server.path).build();
    let _cancelled = courier.expect("a client").cancel(ID).await.expect("a cancellation");
    let head = server.heads.recv().await.expect("a request");
    assert!(head.starts_with("POST /v1/messages/1-65f0c0e1/cancel HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("\r\nhost: docker.invalid:81\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nauthorization: Bearer {KEY}\r\n")), "{head}");
}

#[tokio::test]
async fn a_stream_over_a_unix_socket_is_read_to_its_end() {
    let body = "0123456789".repeat(100_000);
    let server = Server::start("stream", body.clone(), None);
    let transport = server.builder("http://localhost").build().expect("a transport");
    let mut download = transport.export().await.expect("a head");
    let mut bytes = Vec::new();
    while let Some(chunk) = download.chunk().await.expect("a chunk") {
        bytes.extend_from_slice(&chunk);
    }
    assert!(bytes == body.as_bytes(), "{} bytes", bytes.len());
}

#[tokio::test]
async fn tls_over_a_unix_socket_verifies_the_name_of_the_base_url() {
    let authority = Authority::new("Flow");
    let tls = || Some(TlsAcceptor::from(Arc::new(authority.server(&["api.example"], |_| {}))));
    let server = Server::start("tls", "over TLS".to_owned(), tls());
    let builder = |base_url| server.builder(base_url).bearer_token(KEY).root_certificate_pem(authority.pem());
    let transport = builder("https://api.example").build().expect("a transport");
    assert_eq!(transport.ping().await.expect("a response").0, "over TLS");

    let error = transport_error(builder("https://other.example").build().expect("a transport").ping().await);
    assert!(error.is_connect() && !error.may_have_arrived(), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("not valid for name \"other.example\""), "{text}");
}

#[tokio::test]
async fn an_error_names_the_socket_that_does_not_exist() {
    let missing = path("missing");
    let transport = Network::builder("http://localhost").unix_socket(&missing).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Connect, false));
    let text = format!("{error:#}");
    let expected =
        format!("no connection to http://localhost at the Unix socket {}; nothing was sent: ", missing.display());
    assert!(text.starts_with(&expected) && text.contains("No such file"), "{text}");
}

#[tokio::test]
async fn an_error_names_the_socket_that_nobody_serves() {
    let server = Server::start("closed", String::new(), None);
    server.accepting.abort();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let transport = server.builder("http://localhost").build().expect("a transport");
    let text = format!("{:#}", transport_error(transport.ping().await));
    assert!(text.contains(&format!(" at the Unix socket {}; nothing was sent: ", server.path.display())), "{text}");
    assert!(text.contains("Connection refused"), "{text}");
}

/// Each would be ignored without a word otherwise.
#[test]
fn a_setting_that_a_unix_socket_excludes_is_refused_by_name() {
    let builder = || Network::builder("http://localhost").unix_socket("/run/api.sock");
    for (builder, what, fix) in [
        (builder().proxy("http://proxy.example:3128"), "the proxy", "remove one of them"),
        (builder().local_address([127, 0, 0, 2].into()), "`local_address`", "remove"),
        (builder().resolve("localhost", [([10, 0, 0, 1], 0).into()]), "`resolve`", "remove"),
        (builder().tcp_keepalive(std::time::Duration::from_secs(9)), "`tcp_keepalive`", "remove"),
    ] {
        let text = refusal(builder);
        assert!(text.contains(what) && text.contains(fix) && text.contains("Unix socket"), "{text}");
    }
    builder().proxy_from_env().build().expect("a proxy from the environment isn't used");
}

#[test]
fn what_cannot_be_the_path_of_a_socket_is_refused() {
    let long = format!("/{}", "x".repeat(200));
    for (path, rule) in
        [("", "it isn't a path"), ("unix:///run/api.sock", "it isn't a path"), (&long, "at most 103 bytes")]
    {
        let error = Network::builder("http://localhost").unix_socket(path).build().expect_err(path);
        assert!(error.to_string().contains(rule), "{error}");
    }
}
