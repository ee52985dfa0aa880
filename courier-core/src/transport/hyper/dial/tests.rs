//! Dials over real sockets: every way to a server.

#[cfg(feature = "__rustls")]
mod tls;

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tower_service::Service;

use super::*;
use crate::secret::Secrets;
use crate::transport::TransportError;
use crate::transport::settings::Settings;

/// A dialer to this API, with these settings.
fn dialer(base_url: &str, set: impl FnOnce(&mut Settings)) -> Dialer {
    let mut settings = Settings::default();
    set(&mut settings);
    settings.check().expect("settings that go together");
    let base_url = BaseUrl::parse(base_url).expect("a base URL");
    let network = Network::new(settings.connection, &base_url, settings.limits).expect("usable settings");
    Dialer::new(&network, &base_url).expect("usable hosts")
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    (listener, address)
}

/// Accepts a connection while it is dialed.
async fn accepted(dialer: &Dialer, listener: &TcpListener) -> (Dialed, TcpStream) {
    let (opened, server) = tokio::join!(dialer.dial(), listener.accept());
    (opened.unwrap_or_else(|error| panic!("{error:?}")), server.expect("a connection").0)
}

async fn error(dialer: &Dialer) -> TransportError {
    let Err(error) = dialer.dial().await else { panic!("a connection") };
    error.into_error(&Secrets::default())
}

/// Asserts that bytes pass in both directions.
async fn assert_connected(io: Io, mut other: impl AsyncRead + AsyncWrite + Unpin) {
    let (mut io, mut read) = (TokioIo::new(io), [0; 5]);
    io.write_all(b"hello").await.expect("an open stream");
    other.read_exact(&mut read).await.expect("what was written");
    assert_eq!(&read, b"hello");
    other.write_all(b"world").await.expect("an open stream");
    io.read_exact(&mut read).await.expect("what was written");
    assert_eq!(&read, b"world");
}

#[tokio::test]
async fn a_server_is_reached_at_its_name_its_address_or_a_fixed_one() {
    let (listener, address) = listener().await;
    let port = address.port();
    for (base_url, fixed) in [
        (format!("http://{address}/v1"), None),
        (format!("http://localhost:{port}"), None),
        (format!("http://api.localhost:{port}"), None),
        (format!("http://api.invalid:{port}"), Some(("127.0.0.1:0", "api.invalid"))),
        ("http://api.invalid".to_owned(), Some((&*address.to_string(), "API.invalid"))),
    ] {
        let dialer = dialer(&base_url, |settings| {
            if let Some((address, host)) = fixed {
                settings.resolve(host, vec![address.parse().expect("an address")]);
            }
        });
        let (Dialed { io, probe, protocol }, server) = accepted(&dialer, &listener).await;
        assert_eq!((protocol, dialer.request_form()), (Protocol::Http1, RequestForm::Origin));
        assert!(probe.expect("a socket").is_quiet());
        assert_connected(io, server).await;
    }
}

#[tokio::test]
async fn a_name_that_is_unknown_is_an_error_that_says_so() {
    let error = error(&dialer("http://no-such-host.invalid", |_| {})).await;
    assert!(error.is_connect() && !error.may_have_arrived());
    assert!(format!("{error:#}").contains("failed to lookup address information"), "{error:#}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_is_reached_and_probed() {
    let path = std::env::temp_dir().join(format!("courier-dial-{}.sock", std::process::id()));
    let dialer = dialer("http://docker.invalid", |settings| settings.unix_socket(path.clone()));
    let missing = format!("{:#}", error(&dialer).await);
    assert!(missing.contains("No such file"), "{missing}");

    let listener = tokio::net::UnixListener::bind(&path).expect("a new socket");
    let (opened, server) = tokio::join!(dialer.dial(), listener.accept());
    std::fs::remove_file(&path).expect("the socket");
    let Dialed { io, probe, .. } = opened.expect("a connection");
    let probe = probe.expect("a socket");
    assert!(probe.is_quiet());
    let (mut server, _) = server.expect("a connection");
    server.write_all(b"unasked").await.expect("an open stream");
    assert!(!probe.is_quiet());
    assert_eq!(TokioIo::new(io).read(&mut [0; 7]).await.expect("what was written"), 7);
}

#[cfg(feature = "http2")]
#[tokio::test]
async fn http2_is_used_without_asking_if_it_is_set() {
    let (listener, address) = listener().await;
    let dialer = dialer(&format!("http://{address}"), Settings::http2_prior_knowledge);
    assert_eq!(accepted(&dialer, &listener).await.0.protocol, Protocol::Http2);
}

#[tokio::test]
async fn a_proxy_that_forwards_gets_requests_in_absolute_form_with_its_credentials() {
    let (listener, address) = listener().await;
    for (credentials, authorization) in [("", None), ("ada:p%40ss@", Some("Basic YWRhOnBAc3M="))] {
        let dialer = dialer("http://api.invalid", |settings| settings.proxy(&format!("http://{credentials}{address}")));
        let (Dialed { io, probe, .. }, proxy) = accepted(&dialer, &listener).await;
        assert!(probe.expect("a socket").is_quiet());
        assert_connected(io, proxy).await;
        let RequestForm::Absolute { proxy_authorization } = dialer.request_form() else { panic!("origin form") };
        assert_eq!(proxy_authorization.map(|value| value.to_str().expect("ASCII")), authorization);
        assert!(proxy_authorization.is_none_or(HeaderValue::is_sensitive));
        let shown = format!("{dialer:?} {dialer:#?}");
        assert!(!["ada", "p@ss", "p%40ss", "YWRhOnBAc3M"].iter().any(|secret| shown.contains(secret)), "{shown}");
    }
}

#[tokio::test]
async fn a_proxy_that_is_down_is_named() {
    let (_, address) = listener().await;
    for scheme in
        ["http", "socks5", "socks5h"].into_iter().filter(|&scheme| scheme == "http" || cfg!(feature = "socks"))
    {
        let error =
            error(&dialer("http://api.invalid", |settings| settings.proxy(&format!("{scheme}://{address}")))).await;
        let text = format!("{error:#}");
        assert!(text.contains("the proxy can't be reached; nothing was sent: Connection refused"), "{text}");
    }
}

/// A connector that leads everything to one address.
#[derive(Clone)]
struct To(SocketAddr, std::sync::mpsc::Sender<Uri>);

impl Service<Uri> for To {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<TcpStream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        self.1.send(uri).expect("a test that listens");
        let stream = TcpStream::connect(self.0);
        Box::pin(async move { Ok(TokioIo::new(stream.await?)) })
    }
}

#[tokio::test]
async fn an_own_connector_is_asked_for_host_and_port() {
    let (listener, address) = listener().await;
    let (sender, uris) = std::sync::mpsc::channel();
    let connector = Connector::new(To(address, sender));
    for (base_url, uri) in [
        ("http://api.invalid/v1", "http://api.invalid:80/"),
        ("http://api.localhost:81", "http://api.localhost:81/"),
        ("http://[::1]:82", "http://[::1]:82/"),
    ] {
        let dialer = dialer(base_url, |settings| settings.connector(connector.clone()));
        let (Dialed { io, probe, .. }, server) = accepted(&dialer, &listener).await;
        assert!(probe.is_none(), "it may have no socket");
        assert_eq!(uris.try_recv().expect("a call"), uri);
        assert_connected(io, server).await;
    }
    drop(listener);
    let text = format!("{:#}", error(&dialer("http://api.invalid", |settings| settings.connector(connector))).await);
    assert!(
        text.ends_with("; nothing was sent: Connection refused (os error 111)") || !cfg!(target_os = "linux"),
        "{text}"
    );
}

/// A connector of one connection after the other.
#[derive(Clone)]
struct NeverReady;

impl Service<Uri> for NeverReady {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = std::future::Ready<io::Result<TokioIo<TcpStream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Err(io::Error::other("not today")))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        panic!("it isn't ready")
    }
}

#[tokio::test]
async fn an_own_connector_is_called_only_when_it_is_ready() {
    let dialer = dialer("http://api.invalid", |settings| settings.connector(Connector::new(NeverReady)));
    assert!(format!("{:#}", error(&dialer).await).contains("not today"));
}

/// Each would be ignored without a word otherwise.
#[test]
fn a_setting_that_an_own_connector_excludes_is_refused_by_name() {
    type Set = fn(&mut Settings);
    let sets: &[(Set, &str)] = &[
        #[cfg(unix)]
        (|settings| settings.unix_socket("/run/api.sock".into()), "the setting `unix_socket`"),
        (|settings| settings.proxy("http://proxy.example:3128"), "the proxy"),
        (Settings::proxy_from_env, "the setting `proxy_from_env`"),
        (|settings| settings.local_address([127, 0, 0, 2].into()), "the setting `local_address`"),
        (|settings| settings.resolve("api.example", vec![([10, 0, 0, 1], 0).into()]), "the setting `resolve`"),
        (|settings| settings.tcp_keepalive(Duration::from_secs(9)), "the setting `tcp_keepalive`"),
    ];
    for (set, what) in sets {
        let mut settings = Settings::default();
        settings.connector(Connector::new(NeverReady));
        set(&mut settings);
        let error = settings.check().expect_err(what).to_string();
        assert!(error.starts_with(what) && error.contains("`.connector(…)`"), "{error}");
    }
    let mut settings = Settings::default();
    settings.connector(Connector::new(NeverReady));
    settings.http1_only();
    settings.pool_max_idle(1);
    settings.connect_timeout(Duration::from_secs(1));
    settings.check().expect("these aren't about TCP");
}
