//! Root certificates: the platform's, Mozilla's, or only the added ones.

use std::env;
use std::path::Path;
use std::process::Command;

use courier_core::ConfigError;
use courier_core::messages::Messages as _;
use courier_core::transport::{TlsRoots, TransportBuilder};

use super::{Pings as _, refusal};
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;
use crate::flow::transport::tls::server::{Authority, HOST, Seen, TlsServer};
use crate::flow::transport::transport_error;
use crate::under_test::{self, Network};

const PEM_FILE: &str = "COURIER_TESTS_ROOTS";
const URL: &str = "COURIER_TESTS_URL";

async fn server(authority: &Authority) -> TlsServer {
    let record = record("CANCELED");
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", record.len());
    TlsServer::start(authority.server(&[HOST], |_| {}), head + &record).await
}

async fn succeeds(builder: TransportBuilder<Network>) {
    builder.build().expect("a transport").ping().await.expect("a trusted server");
}

async fn is_untrusted(builder: TransportBuilder<Network>) {
    let error = transport_error(builder.build().expect("a transport").ping().await);
    assert!(error.is_connect() && !error.may_have_arrived(), "{error:?}");
    assert!(error.to_string().contains("the server's certificate is from an unknown issuer"), "{error}");
}

#[test]
fn only_the_added_roots_without_any_are_refused() {
    let expected = "the root certificate is not usable: none was given, and `TlsRoots::Added` trusts no other; pass one to \
                    `.root_certificate_pem(…)`";
    assert_eq!(refusal(Network::builder("https://api.example").tls_roots(TlsRoots::Added)), expected);
    let error = under_test::courier().api_key(KEY).tls_roots(TlsRoots::Added).build().expect_err("no roots");
    assert!(matches!(error, ConfigError::RootCertificate { .. }) && error.to_string() == expected, "{error}");
    // Without TLS, none is needed.
    let plain = Network::builder("http://127.0.0.1:1").tls_roots(TlsRoots::Added);
    plain.build().expect("a transport");
}

#[tokio::test]
async fn added_roots_are_trusted_next_to_every_choice() {
    let (authority, other) = (Authority::new("Flow"), Authority::new("Other"));
    let mut server = server(&authority).await;
    for roots in [TlsRoots::Platform, TlsRoots::Webpki, TlsRoots::Added] {
        let builder = || Network::builder(server.url()).tls_roots(roots).bearer_token(KEY);
        is_untrusted(builder().root_certificate_pem(other.pem())).await;
        succeeds(builder().root_certificate_pem(other.pem()).root_certificate_pem(authority.pem())).await;
        let courier = under_test::courier().api_key(KEY).base_url(server.url()).tls_roots(roots);
        let courier = courier.root_certificate_pem(authority.pem()).build().expect("a client");
        let _cancelled = courier.cancel(ID).await.expect("a cancellation");
    }
    for _ in 0..3 {
        assert!(matches!(server.seen().await, Seen::NoHandshake));
        for _ in 0..2 {
            assert!(matches!(server.seen().await, Seen::Request(_)));
        }
    }
}

/// Runs a test again in a child process, because the environment belongs to the process. This file is then the platform's roots.
#[cfg(target_os = "linux")]
async fn again(name: &str, platform: &Path, url: &str) {
    let mut again = Command::new(env::current_exe().expect("this test's program"));
    again.args(["--exact", &format!("flow::transport::network::roots::{name}")]);
    again.env(PEM_FILE, platform).env(URL, url);
    again.env("SSL_CERT_FILE", platform).env("SSL_CERT_DIR", "/nonexistent");
    let output = tokio::task::spawn_blocking(move || again.output()).await.expect("no panic").expect("a process");
    let message = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && message.contains("1 passed"), "{message}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_platforms_roots_are_trusted_only_by_default() {
    if let (Some(_), Ok(url)) = (env::var_os(PEM_FILE), env::var(URL)) {
        let other = Authority::new("Other");
        succeeds(Network::builder(&url)).await;
        succeeds(Network::builder(&url).tls_roots(TlsRoots::Platform)).await;
        is_untrusted(Network::builder(&url).tls_roots(TlsRoots::Webpki)).await;
        let added = Network::builder(&url).tls_roots(TlsRoots::Added);
        return is_untrusted(added.root_certificate_pem(other.pem())).await;
    }
    let authority = Authority::new("Flow");
    let server = server(&authority).await;
    let platform = env::temp_dir().join(format!("courier-tests-{}-roots.pem", std::process::id()));
    std::fs::write(&platform, authority.pem()).expect("a file");
    again("the_platforms_roots_are_trusted_only_by_default", &platform, &server.url()).await;
    std::fs::remove_file(platform).ok();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn mozillas_and_added_roots_work_on_a_machine_without_any() {
    const NOTHING: &str = "/nonexistent";
    let authority = Authority::new("Flow");
    let server = server(&authority).await;
    if env::var_os(PEM_FILE).is_none() {
        return again("mozillas_and_added_roots_work_on_a_machine_without_any", Path::new(NOTHING), "").await;
    }
    refusal(Network::builder(server.url()));
    is_untrusted(Network::builder(server.url()).tls_roots(TlsRoots::Webpki)).await;
    for roots in [TlsRoots::Webpki, TlsRoots::Added] {
        succeeds(Network::builder(server.url()).tls_roots(roots).root_certificate_pem(authority.pem())).await;
    }
}
