//! Versions: of HTTP and of TLS, fewer than both sides have in common.

use std::sync::Arc;

use courier_core::messages::Messages as _;
use courier_core::transport::TlsVersion;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};

use super::Pings as _;
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;
use crate::flow::transport::tls::server::{Authority, HOST, Seen, TlsServer, pem};
use crate::flow::transport::transport_error;
use crate::under_test::{self, Network};

fn cancelled() -> String {
    let record = record("CANCELED");
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{record}", record.len())
}

#[tokio::test]
async fn http1_only_uses_http1_even_if_the_server_prefers_http2() {
    let authority = Authority::new("Flow");
    let mut config = authority.server(&[HOST], |_| {});
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut server = TlsServer::start(config, cancelled()).await;
    let courier = || under_test::courier().api_key(KEY).base_url(server.url()).root_certificate_pem(authority.pem());
    let courier = courier().http1_only().build().expect("a client");
    let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    let transport = Network::builder(server.url()).root_certificate_pem(authority.pem());
    let transport = transport.http1_only().build().expect("a transport");
    transport.ping().await.expect("a response");
    for expected in ["POST /messages/1-65f0c0e1/cancel HTTP/1.1\r\n", "GET /ping HTTP/1.1\r\n"] {
        let Seen::Request(head) = server.seen().await else { panic!("a failed handshake") };
        assert!(head.starts_with(expected), "{head}");
    }
}

/// A server with only these versions of TLS, and its certificate.
async fn tls_server(versions: &[&'static SupportedProtocolVersion]) -> (TlsServer, String) {
    let certified = rcgen::generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
    let certificate = certified.cert.der().clone();
    let pem = pem("CERTIFICATE", &certificate);
    let key = PrivatePkcs8KeyDer::from(certified.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key.into())
        .expect("a certificate with its key");
    (TlsServer::start(config, cancelled()).await, pem)
}

#[tokio::test]
async fn a_server_with_an_older_version_than_the_minimum_gets_no_request() {
    let (mut server, pem) = tls_server(&[&TLS12]).await;
    let builder = || Network::builder(server.url()).root_certificate_pem(&pem).bearer_token(KEY);
    let transport = builder().min_tls_version(TlsVersion::Tls13).build().expect("a transport");
    let error = transport_error(transport.ping().await);
    assert!(error.is_connect() && !error.may_have_arrived() && error.status().is_none(), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("have no TLS version or cipher in common"), "{text}");
    let courier = under_test::courier().api_key(KEY).base_url(server.url()).root_certificate_pem(&pem).max_attempts(1);
    let courier = courier.min_tls_version(TlsVersion::Tls13).build().expect("a client");
    assert!(transport_error(courier.cancel(ID).await).is_connect());
    for builder in [builder(), builder().min_tls_version(TlsVersion::Tls12)] {
        builder.build().expect("a transport").ping().await.expect("a response");
    }
    for _ in 0..2 {
        assert!(matches!(server.seen().await, Seen::NoHandshake));
    }
}

#[tokio::test]
async fn a_server_with_the_minimum_version_gets_the_request() {
    for (versions, minimum) in [
        (&[&TLS13][..], Some(TlsVersion::Tls13)),
        (&[&TLS12, &TLS13], Some(TlsVersion::Tls13)),
        (&[&TLS12, &TLS13], Some(TlsVersion::Tls12)),
        (&[&TLS13], None),
    ] {
        let (server, pem) = tls_server(versions).await;
        let builder = Network::builder(server.url()).root_certificate_pem(pem);
        let builder = match minimum {
            Some(version) => builder.min_tls_version(version),
            None => builder,
        };
        builder.build().expect("a transport").ping().await.expect("a response");
    }
}
