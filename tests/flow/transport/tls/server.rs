//! A TLS server with generated certificates, which records what arrives after the handshake, byte for byte.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::server::TlsStream;

use crate::flow::key_search;

/// The address of every server here, as a certificate contains it.
pub(in crate::flow::transport) const HOST: &str = "127.0.0.1";

/// A certificate authority.
pub(in crate::flow::transport) struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub(in crate::flow::transport) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.self_signed(&key).expect("a certificate").der().clone();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    /// Its own certificate in PEM format.
    pub(in crate::flow::transport) fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    pub(in crate::flow::transport) fn certificate(&self) -> CertificateDer<'static> {
        self.certificate.clone()
    }

    /// A certificate for these names, and its key.
    pub(in crate::flow::transport) fn certificate_for(
        &self,
        names: &[&str],
        with: impl FnOnce(&mut CertificateParams),
    ) -> (CertificateDer<'static>, KeyPair) {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        with(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate").der().clone();
        (certificate, key)
    }

    /// A certificate for a client with its key, in PEM format.
    pub(in crate::flow::transport) fn identity(&self, with: impl FnOnce(&mut CertificateParams)) -> String {
        let (certificate, key) = self.certificate_for(&["client"], with);
        pem("CERTIFICATE", &certificate) + &pem("PRIVATE KEY", &key.serialize_der())
    }

    /// The configuration of a server with a certificate for these names.
    pub(in crate::flow::transport) fn server(
        &self,
        names: &[&str],
        with: impl FnOnce(&mut CertificateParams),
    ) -> ServerConfig {
        let (certificate, key) = self.certificate_for(names, with);
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key.into())
            .expect("a certificate with its key")
    }
}

/// RFC 7468.
pub(in crate::flow::transport) fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The result of one connection.
#[derive(Debug)]
pub(in crate::flow::transport) enum Seen {
    /// The handshake failed, so nothing that a client sends after it arrived.
    NoHandshake,
    /// The head of a request.
    Request(String),
}

/// A server on a free port of the loopback address. Dropping it stops it.
pub(in crate::flow::transport) struct TlsServer {
    address: SocketAddr,
    seen: UnboundedReceiver<Seen>,
    accepting: JoinHandle<()>,
}

impl TlsServer {
    /// Responds to every request with these bytes.
    pub(in crate::flow::transport) async fn start(config: ServerConfig, response: impl Into<Vec<u8>>) -> Self {
        key_search::begin();
        let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let (sender, seen) = mpsc::unbounded_channel();
        let (acceptor, response) = (TlsAcceptor::from(Arc::new(config)), response.into());
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                let seen = match acceptor.accept(stream).await {
                    Ok(stream) => Seen::Request(serve(stream, &response).await),
                    Err(_) => Seen::NoHandshake,
                };
                // The test may be over.
                sender.send(seen).ok();
            }
        });
        Self { address, seen, accepting }
    }

    pub(in crate::flow::transport) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(in crate::flow::transport) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The URL of the same server without TLS.
    pub(in crate::flow::transport) fn plain_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The result of the next connection. Fails instead of waiting forever.
    pub(in crate::flow::transport) async fn seen(&mut self) -> Seen {
        let seen = tokio::time::timeout(Duration::from_secs(10), self.seen.recv()).await;
        seen.expect("an event within ten seconds").expect("the server runs")
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Responds to one request, and returns its head.
async fn serve(mut stream: TlsStream<TcpStream>, response: &[u8]) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && stream.read_buf(&mut head).await.is_ok_and(|length| length > 0) {}
    stream.write_all(response).await.ok();
    stream.shutdown().await.ok();
    String::from_utf8(head).expect("a head of text")
}
