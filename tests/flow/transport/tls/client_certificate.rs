//! Mutual TLS: a server that demands a certificate of the client.

use std::sync::Arc;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TransportErrorKind};
use courier_core::{Body, ConfigError, Result, Transport, endpoint};
use rcgen::{CertificateParams, date_time_ymd};
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion, crypto};

use super::cancelled;
use super::server::{Authority, HOST, Seen, TlsServer, pem};
use crate::flow::record::ID;
use crate::flow::server::KEY;
use crate::flow::transport::transport_error;
use crate::under_test::{self, Network};

trait Uploads: Transport {
    #[endpoint(PUT, "/upload", ok = 200)]
    async fn upload(&self, #[raw("application/octet-stream")] body: Body) -> Result<()>;
}
impl<T: Transport> Uploads for T {}

/// A server of this authority which demands a certificate of `clients`.
fn demanding(
    authority: &Authority,
    clients: &Authority,
    version: &'static SupportedProtocolVersion,
    protocol: &[u8],
) -> ServerConfig {
    let provider = Arc::new(crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(clients.certificate()).expect("an authority");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let (certificate, key) = authority.certificate_for(&[HOST], |_| {});
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .expect("a version")
        .with_client_cert_verifier(verifier.build().expect("a verifier"))
        .with_single_cert(vec![certificate], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .expect("a certificate with its key");
    config.alpn_protocols = vec![protocol.to_vec()];
    config
}

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A transport to this server without a certificate, or with this one.
fn transport(server: &TlsServer, authority: &Authority, identity: Option<&str>) -> Network {
    let builder = Network::builder(server.url()).bearer_token(KEY).root_certificate_pem(authority.pem());
    let builder = match identity {
        Some(pem) => builder.identity_pem(pem),
        None => builder,
    };
    builder.build().expect("a transport")
}

#[tokio::test]
async fn a_server_that_demands_a_certificate_gets_the_clients() {
    let (authority, clients) = (Authority::new("Flow"), Authority::new("Clients"));
    let identity = clients.identity(|_| {});
    for version in VERSIONS {
        let mut server = TlsServer::start(demanding(&authority, &clients, version, b"http/1.1"), cancelled()).await;
        let courier = under_test::courier().api_key(KEY).base_url(server.url());
        let courier = courier.root_certificate_pem(authority.pem()).identity_pem(&identity).build().expect("a client");
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
        assert!(matches!(server.seen().await, Seen::Request(_)));
    }
}

/// With TLS 1.3, the refusal comes after the request was written.
#[tokio::test]
async fn a_missing_or_refused_certificate_is_a_tls_error_that_is_not_retried() {
    let (authority, clients) = (Authority::new("Flow"), Authority::new("Clients"));
    let foreign = Authority::new("Foreign").identity(|_| {});
    let expired = clients.identity(|params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 29);
    });
    for (version, protocol) in VERSIONS.into_iter().flat_map(|version| [(version, "http/1.1"), (version, "h2")]) {
        for (identity, reason) in [
            (None, "the server demands a client certificate"),
            (Some(&foreign), "the server doesn't trust the authority that issued the client certificate"),
            (Some(&expired), "the server says that the client certificate has expired"),
        ] {
            let config = demanding(&authority, &clients, version, protocol.as_bytes());
            let mut server = TlsServer::start(config, cancelled()).await;
            let retry = Retry::new(transport(&server, &authority, identity.map(String::as_str)));
            let error = transport_error(retry.cancel(ID).await);
            let text = error.to_string();
            assert_eq!((error.kind(), error.attempts()), (TransportErrorKind::Tls, 1), "{text}");
            assert!(error.is_connect() && !error.may_have_arrived(), "{text}");
            assert!(text.starts_with(&format!("TLS with {} failed: ", server.url())), "{text}");
            assert!(text.contains(reason), "{version:?} {protocol} {text}");
            assert!(matches!(server.seen().await, Seen::NoHandshake));
            let more = tokio::time::timeout(Duration::from_millis(50), server.seen());
            assert!(more.await.is_err(), "it was not retried");
        }
    }
}

/// With TLS 1.3, the body is being written when the server refuses. If it closes the connection before its alert was read, writing
/// fails, and nothing more can be known.
#[tokio::test]
async fn a_missing_certificate_is_named_for_a_large_upload_too() {
    let (authority, clients) = (Authority::new("Flow"), Authority::new("Clients"));
    for version in VERSIONS {
        let server = TlsServer::start(demanding(&authority, &clients, version, b"http/1.1"), cancelled()).await;
        for size in [1 << 16, 1 << 20, 1 << 24] {
            let body = Body::from(vec![7; size]);
            let error = transport_error(transport(&server, &authority, None).upload(body).await);
            let is_known = error.kind() == TransportErrorKind::Tls;
            assert!(is_known || version.version == TLS13.version && error.may_have_arrived(), "{size} {error:#}");
            assert!(error.to_string().contains("demand a client certificate") || is_known, "{size} {error:#}");
        }
    }
}

#[test]
fn an_invalid_identity_is_refused_and_not_shown() {
    let clients = Authority::new("Clients");
    let identity = clients.identity(|_| {});
    let key_at = identity.find("-----BEGIN PRIVATE KEY").expect("a key");
    let (certificate, key) = identity.split_at(key_at);
    let (_, other) = clients.certificate_for(&[], |_: &mut CertificateParams| {});
    let other = pem("PRIVATE KEY", &other.serialize_der());
    for (text, rule) in [
        (String::new(), "it isn't PEM"),
        ("client.pem".to_owned(), "it isn't PEM"),
        ("\u{fffd}0\u{0}PKCS#12".to_owned(), "it isn't PEM"),
        (
            certificate.to_owned() + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
            "is encrypted; decrypt it first",
        ),
        (certificate.to_owned(), "it has no private key"),
        (key.to_owned(), "it has no certificate"),
        (certificate.to_owned() + &other, "doesn't belong to the first certificate"),
        (identity.clone() + &other, "it has several private keys"),
        (
            certificate.to_owned() + &key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
            "is encrypted; decrypt it first",
        ),
        (identity[..identity.len() - 30].to_owned(), "a line of it is not PEM"),
        (
            certificate.to_owned() + &pem("PRIVATE KEY", b"s3cret"),
            "its private key is invalid, or of a kind that TLS can't use",
        ),
        (pem("CERTIFICATE", b"s3cret") + key, "its first certificate is invalid"),
    ] {
        let builder = Network::builder("https://api.example").identity_pem(&text);
        let shown = format!("{builder:?}");
        let error = builder.build().expect_err(rule);
        assert!(matches!(error, ConfigError::ClientCertificate { .. }), "{error}");
        assert!(error.to_string().contains(rule), "{error} instead of {rule}");
        for line in text.lines().filter(|line| line.len() > 20 && !line.starts_with('-')) {
            assert!(!format!("{error} {error:?} {shown}").contains(line), "{error}");
        }
    }
    // Two files, one without a line break at its end, and both as some editors write them.
    let joined = format!("\u{feff}{}\u{feff}{key}", certificate.trim_end());
    Network::builder("https://api.example").identity_pem(joined).build().expect("a transport");
    let unused = Network::builder("http://127.0.0.1:1").identity_pem(&identity).build().expect_err("unused");
    assert!(unused.to_string().contains("the base URL is `http://`"), "{unused}");
    let builder = Network::builder("https://api.example").identity_pem(&identity);
    assert!(!format!("{builder:?}").contains(key.lines().nth(1).expect("a line")));
    builder.build().expect("a transport");
}
