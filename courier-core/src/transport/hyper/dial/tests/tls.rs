//! TLS with a server, with a proxy, and with one inside the other.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::*;
use crate::transport::TransportErrorKind;
use crate::transport::settings::TlsRoots;

/// A certificate for these names, its key and its PEM form.
struct Certified {
    key: rcgen::CertifiedKey<rcgen::KeyPair>,
    pem: String,
}

fn certified(names: &[&str]) -> Certified {
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let key = rcgen::generate_simple_self_signed(names).expect("a certificate");
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(key.cert.der()));
    Certified { key, pem }
}

impl Certified {
    /// A server with this certificate, which prefers these protocols.
    fn acceptor(&self, dialer: &Dialer, protocols: &[&str]) -> TlsAcceptor {
        let provider = dialer.tls.as_ref().expect("an `https` API").crypto_provider();
        let mut config = ServerConfig::builder_with_provider(Arc::clone(provider))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![self.key.cert.der().clone()],
                PrivatePkcs8KeyDer::from(self.key.signing_key.serialize_der()).into(),
            )
            .expect("a certificate with its key");
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A dialer that trusts this certificate alone.
fn trusting(certified: &Certified, base_url: &str, set: impl FnOnce(&mut Settings)) -> Dialer {
    dialer(base_url, |settings| {
        settings.root_certificate_pem(certified.pem.as_bytes());
        settings.tls_roots(TlsRoots::Added);
        set(settings);
    })
}

async fn accept(
    acceptor: TlsAcceptor,
    stream: impl AsyncRead + AsyncWrite + Unpin,
) -> TlsStream<impl AsyncRead + AsyncWrite + Unpin> {
    acceptor.accept(stream).await.expect("a handshake")
}

/// Opens a tunnel as a proxy does, and returns the request's first line.
async fn serve_connect(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a head"));
    }
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.expect("an open stream");
    String::from_utf8(head).expect("text").lines().next().expect("a line").to_owned()
}

#[tokio::test]
async fn the_server_chooses_the_protocol() {
    let certified = certified(&["127.0.0.1"]);
    let (listener, address) = listener().await;
    let dialer = |set: fn(&mut Settings)| trusting(&certified, &format!("https://{address}"), set);
    let http1: fn(&mut Settings) = Settings::http1_only;
    let nothing: fn(&mut Settings) = |_| {};
    let mut cases = vec![
        (nothing, &["http/1.1"][..], Protocol::Http1),
        (nothing, &[], Protocol::Http1),
        (http1, &["h2", "http/1.1"], Protocol::Http1),
    ];
    #[cfg(feature = "http2")]
    cases.extend([
        (nothing, &["h2", "http/1.1"][..], Protocol::Http2),
        (Settings::http2_prior_knowledge, &["h2", "http/1.1"], Protocol::Http2),
        (Settings::http2_prior_knowledge, &[], Protocol::Http2),
    ]);
    for (set, protocols, expected) in cases {
        let dialer = dialer(set);
        let acceptor = certified.acceptor(&dialer, protocols);
        let (opened, server) = tokio::join!(dialer.dial(), async {
            accept(acceptor, listener.accept().await.expect("a connection").0).await
        });
        let Dialed { io, protocol, probe } = opened.expect("a connection");
        assert_eq!(protocol, expected, "{protocols:?}");
        assert!(probe.is_some());
        assert_connected(io, server).await;
    }
}

/// reqwest can't verify the certificate of an IPv6 address through a proxy.
#[tokio::test]
async fn the_certificate_of_an_ipv6_address_is_verified_directly_and_through_a_tunnel() {
    let certified = certified(&["::1"]);
    let listener = TcpListener::bind("[::1]:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    for is_proxied in [false, true] {
        let dialer = trusting(&certified, &format!("https://{address}"), |settings| {
            if is_proxied {
                settings.proxy(&format!("http://{address}"));
            }
        });
        let acceptor = certified.acceptor(&dialer, &[]);
        let (opened, server) = tokio::join!(dialer.dial(), async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            if is_proxied {
                assert_eq!(serve_connect(&mut stream).await, format!("CONNECT {address} HTTP/1.1"));
            }
            accept(acceptor, stream).await
        });
        assert_eq!(dialer.request_form(), RequestForm::Origin);
        assert_connected(opened.expect("a connection").io, server).await;
    }
}

#[tokio::test]
async fn tls_with_the_server_is_inside_that_with_an_https_proxy_which_is_not_asked_for_http2() {
    let certified = certified(&["127.0.0.1", "api.example"]);
    let (listener, address) = listener().await;
    let dialer = trusting(&certified, "https://api.example", |settings| settings.proxy(&format!("https://{address}")));
    let (outer, inner) = (certified.acceptor(&dialer, &["h2"]), certified.acceptor(&dialer, &["http/1.1"]));
    let (opened, server) = tokio::join!(dialer.dial(), async {
        let mut proxy = accept(outer, listener.accept().await.expect("a connection").0).await;
        assert_eq!(proxy.get_ref().1.alpn_protocol(), None);
        assert_eq!(serve_connect(&mut proxy).await, "CONNECT api.example:443 HTTP/1.1");
        let server = accept(inner, proxy).await;
        assert_eq!(server.get_ref().1.server_name(), Some("api.example"));
        server
    });
    let Dialed { io, protocol, .. } = opened.expect("a connection");
    assert_eq!(protocol, Protocol::Http1);
    assert_connected(io, server).await;
}

#[tokio::test]
async fn tls_is_on_top_of_what_an_own_connector_opens() {
    let certified = certified(&["api.example"]);
    let (listener, address) = listener().await;
    let (sender, uris) = std::sync::mpsc::channel();
    let dialer = trusting(&certified, "https://api.example/v1", |settings| {
        settings.connector(Connector::new(To(address, sender)));
    });
    let acceptor = certified.acceptor(&dialer, &[]);
    let (opened, server) =
        tokio::join!(dialer.dial(), async { accept(acceptor, listener.accept().await.expect("a connection").0).await });
    assert_eq!(uris.try_recv().expect("a call"), "http://api.example:443/");
    assert_connected(opened.expect("a connection").io, server).await;
}

/// Accepts connections, and ends each after this response to its first bytes.
async fn responding(listener: TcpListener, response: &'static [u8]) {
    while let Ok((mut stream, _)) = listener.accept().await {
        stream.read_buf(&mut Vec::new()).await.ok();
        stream.write_all(response).await.ok();
        stream.shutdown().await.ok();
        stream.read_to_end(&mut Vec::new()).await.ok();
    }
}

#[tokio::test]
async fn the_end_that_does_not_speak_tls_is_named() {
    let certified = certified(&["127.0.0.1"]);
    for (response, kind, expected) in [
        (&b""[..], TransportErrorKind::Connect, "the server closed the connection during the TLS handshake"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", TransportErrorKind::Tls, "what the server sent is not TLS"),
    ] {
        let (listener, address) = listener().await;
        let server = tokio::spawn(responding(listener, response));
        let direct = error(&trusting(&certified, &format!("https://{address}"), |_| {})).await;
        let proxy = format!("https://{address}");
        let proxied = error(&trusting(&certified, "https://api.example", |settings| settings.proxy(&proxy))).await;
        server.abort();
        assert_eq!((direct.kind(), proxied.kind()), (kind, kind));
        assert!(direct.to_string().contains(expected) && !direct.to_string().contains("proxy"), "{direct}");
        assert!(proxied.to_string().contains(&format!("the proxy can't be reached: {expected}")), "{proxied}");
    }
}

#[test]
fn a_host_that_no_certificate_can_name_is_refused() {
    let refused = |base_url: &str, proxy: Option<&str>| {
        let mut settings = Settings::default();
        settings.tls_roots(TlsRoots::Added);
        settings.root_certificate_pem(certified(&["api.example"]).pem.as_bytes());
        if let Some(proxy) = proxy {
            settings.proxy(proxy);
        }
        let base_url = BaseUrl::parse(base_url).expect("a base URL");
        let network = Network::new(settings.connection, &base_url, settings.limits).expect("usable settings");
        Dialer::new(&network, &base_url).map(drop).map_err(|error| error.to_string())
    };
    let long = format!("https://{}.example", "a".repeat(64));
    for base_url in ["https://-a.example", "https://a-.example", &long] {
        let error = refused(base_url, None).expect_err(base_url);
        assert!(error.contains(base_url) && error.contains("no certificate can name its host"), "{error}");
        refused(&base_url.replace("https", "http"), None).expect("without TLS");
    }
    let error = refused("https://api.example", Some("https://ada:s3cret@a-:3128")).expect_err("a hyphen");
    assert!(error.starts_with("the proxy https://a-:3128 ") && error.contains("no certificate"), "{error}");
    for base_url in ["https://api.example.", "https://a_b.example", "https://127.0.0.1", "https://[::1]:1"] {
        refused(base_url, None).expect(base_url);
    }
}
