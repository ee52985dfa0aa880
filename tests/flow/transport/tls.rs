//! TLS: the server is verified before anything is sent, and the error says what to do.

use std::env;
use std::process::Command;

use courier_core::messages::Messages as _;
use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{ConfigError, Courier};
use rcgen::{BasicConstraints, IsCa, date_time_ymd};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use self::server::{Authority, HOST, Seen, TlsServer, pem};
use super::transport_error;
use crate::flow::key_search;
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;
use crate::under_test::{self, Network};

mod client_certificate;
pub(super) mod server;

/// A 200 with the record, then the connection is closed.
pub(super) fn cancelled() -> String {
    let record = record("CANCELED");
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{record}", record.len())
}

/// A client with the key that trusts these authorities and doesn't retry.
fn client(url: &str, trusted: &[&Authority]) -> Network {
    let builder = Network::builder(url).bearer_token(KEY);
    let builder = trusted.iter().fold(builder, |builder, authority| builder.root_certificate_pem(authority.pem()));
    builder.build().expect("a client")
}

/// The error of a call that failed before it sent anything.
async fn refusal(transport: &Network) -> TransportError {
    let error = transport_error(transport.cancel(ID).await);
    assert!(error.is_connect() && !error.may_have_arrived());
    assert_eq!(error.status(), None);
    error
}

/// Checks the start and the end of the message, and returns the reason between them.
fn reason(error: &TransportError, url: &str) -> String {
    assert_eq!(error.kind(), TransportErrorKind::Tls, "{error}");
    let text = error.to_string();
    let reason = text.strip_prefix(&format!("TLS with {url} failed: ")).expect(&text);
    reason.strip_suffix("; nothing was sent").expect(&text).to_owned()
}

/// The client trusts the authority but not this server, and sends it nothing.
async fn reason_against(names: &[&str], with: impl FnOnce(&mut rcgen::CertificateParams)) -> String {
    let authority = Authority::new("Flow");
    let mut server = TlsServer::start(authority.server(names, with), cancelled()).await;
    let error = refusal(&client(&server.url(), &[&authority])).await;
    assert!(matches!(server.seen().await, Seen::NoHandshake));
    reason(&error, &server.url())
}

#[tokio::test]
async fn a_certificate_of_an_added_authority_is_trusted() {
    let (other, authority) = (Authority::new("Other"), Authority::new("Flow"));
    let mut server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    let both = format!("# One\n{}\r\n\n# Two\n{}", other.pem(), authority.pem());
    let builder = || under_test::courier().api_key(KEY).base_url(server.url());
    for builder in [
        builder().root_certificate_pem(authority.pem()),
        builder().root_certificate_pem(both),
        builder().root_certificate_pem(other.pem()).root_certificate_pem(authority.pem()),
        builder().root_certificate_pem(authority.pem()).root_certificate_pem(other.pem()),
    ] {
        let _cancelled = builder.build().expect("a client").cancel(ID).await.expect("a cancellation");
    }
    for _ in 0..4 {
        let Seen::Request(head) = server.seen().await else { panic!("a failed handshake") };
        assert!(head.contains(&format!("authorization: Bearer {KEY}\r\n")), "{head}");
    }
}

#[tokio::test]
async fn a_server_with_an_untrusted_certificate_gets_no_request() {
    let (other, authority) = (Authority::new("Other"), Authority::new("Flow"));
    let mut server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    for trusted in [&[][..], &[&other]] {
        let error = refusal(&client(&server.url(), trusted)).await;
        let expected = "the server's certificate is from an unknown issuer, an authority that this machine does not trust; if \
                        it should be trusted, pass the authority's certificate to `.root_certificate_pem(…)`";
        assert_eq!(reason(&error, &server.url()), expected);
        assert!(matches!(server.seen().await, Seen::NoHandshake));
    }
}

#[tokio::test]
async fn a_server_with_an_expired_certificate_gets_no_request() {
    let reason = reason_against(&[HOST], |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 29);
    });
    let expected = "the server's certificate expired at 2020-02-29T00:00:00Z, or this machine's clock is wrong";
    assert_eq!(reason.await, expected);
}

#[tokio::test]
async fn a_server_with_a_certificate_not_yet_valid_gets_no_request() {
    let reason = reason_against(&[HOST], |params| {
        params.not_before = date_time_ymd(9998, 1, 1);
        params.not_after = date_time_ymd(9999, 12, 31);
    });
    let expected =
        "the server's certificate is not valid before 9998-01-01T00:00:00Z, or this machine's clock is wrong";
    assert_eq!(reason.await, expected);
}

#[tokio::test]
async fn a_server_with_a_certificate_for_another_host_gets_no_request() {
    let reason = reason_against(&["other.example"], |_| {}).await;
    assert!(reason.contains("certificate not valid for name \"127.0.0.1\""), "{reason}");
    assert!(reason.contains("only valid for DnsName(\"other.example\")"), "{reason}");
    assert!(reason.ends_with("; is this the server that the base URL should name?"), "{reason}");
}

/// A hostile server may know the key from before.
#[tokio::test]
async fn the_key_in_a_certificates_name_is_hidden() {
    // Not the key of the other tests, because rustls and h2 log the server's own text.
    let secret = "s3cret-of-this-test";
    let authority = Authority::new("Flow");
    let name = format!("{secret}.example");
    let server = TlsServer::start(authority.server(&[&name], |_| {}), cancelled()).await;
    let builder = Network::builder(server.url()).bearer_token(secret);
    let transport = builder.root_certificate_pem(authority.pem()).build().expect("a client");
    let error = transport.cancel(ID).await.expect_err("it is for another name");
    key_search::assert_hides(&error, secret);
    assert!(error.to_string().contains("[redacted].example"), "{error}");
}

/// The error if a listener responds like this to a handshake, its URL, and all bytes that it received.
async fn responding_with(response: &[u8]) -> (TransportError, String, Vec<u8>) {
    key_search::begin();
    let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let transport = client(&url, &[]);
    let (error, received) = tokio::join!(refusal(&transport), async {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut received = Vec::new();
        stream.read_buf(&mut received).await.expect("the first bytes of a handshake");
        stream.write_all(response).await.expect("a client that reads");
        stream.shutdown().await.ok();
        stream.read_to_end(&mut received).await.ok();
        received
    });
    (error, url, received)
}

#[tokio::test]
async fn a_server_with_only_old_tls_versions_gets_no_request() {
    // The alert `protocol_version` (RFC 8446, section 6.2), and a ServerHello of TLS 1.1 (RFC 4346, section 7.4.1.3).
    let alert = [0x15, 3, 1, 0, 2, 2, 70];
    let hello = [&[0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    for response in [&alert[..], &hello] {
        let (error, url, received) = responding_with(response).await;
        let reason = reason(&error, &url);
        let expected = "the server and this client have no TLS version or cipher in common; this client supports TLS 1.3, and TLS 1.2 unless ";
        assert!(reason.starts_with(expected), "{reason}");
        assert!(!received.windows(4).any(|four| four == b"POST"), "{received:?}");
    }
}

#[tokio::test]
async fn a_plain_http_server_gets_no_request() {
    let (error, url, received) = responding_with(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    let reason = reason(&error, &url);
    assert!(reason.starts_with("what the server sent is not TLS; is this its port for `http://`?"), "{reason}");
    assert!(!received.windows(4).any(|four| four == b"POST"), "{received:?}");
}

#[tokio::test]
async fn a_handshake_cut_off_by_the_server_is_a_connect_error() {
    let (error, url, _) = responding_with(b"").await;
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let text =
        format!("no connection to {url}: the server closed the connection during the TLS handshake; nothing was sent");
    assert_eq!(error.to_string(), text);
}

/// Two files, one without a line break at its end, and both with a byte order mark. None of their certificates may be left out.
#[tokio::test]
async fn certificates_of_several_files_are_all_trusted() {
    let (other, authority) = (Authority::new("Other"), Authority::new("Flow"));
    for (first, second) in [(&other, &authority), (&authority, &other)] {
        let server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
        let joined = format!("\u{feff}{}\u{feff}{}", first.pem().trim_end(), second.pem());
        let builder = Network::builder(server.url()).bearer_token(KEY).root_certificate_pem(joined);
        let _cancelled = builder.build().expect("a client").cancel(ID).await.expect("a cancellation");
    }
}

/// The key may be sent over `http://` because this is a loopback address.
#[tokio::test]
async fn plain_http_to_a_tls_server_is_an_error_that_shows_what_came() {
    let authority = Authority::new("Flow");
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    let error = transport_error(client(&server.plain_url(), &[]).cancel(ID).await);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    let text = format!("{error:#}");
    assert!(
        text.contains("the response was not valid HTTP") && text.ends_with(": invalid HTTP version parsed"),
        "{text}"
    );
}

#[test]
fn an_invalid_certificate_is_refused_and_not_shown() {
    let authority = Authority::new("Flow");
    let good = authority.pem();
    let key = pem("PRIVATE KEY", &rcgen::KeyPair::generate().expect("a key").serialize_der());
    let lines: Vec<&str> = good.lines().collect();
    for (text, rule) in [
        (String::new(), "it contains no certificate"),
        ("MIIB-s3cret".to_owned(), "it contains no certificate"),
        (pem("PUBLIC KEY", b"s3cret"), "it contains no certificate"),
        (key.clone(), "it contains a private key, which must stay on the server"),
        (key.replace("PRIVATE", "RSA PRIVATE"), "it contains a private key, which must stay on the server"),
        (key.replace("PRIVATE", "EC PRIVATE"), "it contains a private key, which must stay on the server"),
        (good.clone() + &key, "it contains a private key, which must stay on the server"),
        (good.replacen(lines[1], "M*s3cret*", 1), "a line of it is not PEM, or its end is missing"),
        (lines[..lines.len() - 1].join("\n"), "a line of it is not PEM, or its end is missing"),
        (good.clone() + "-----BEGIN CERTIFICATE-----\n", "a line of it is not PEM, or its end is missing"),
        (pem("CERTIFICATE", b"s3cret"), "it contains an invalid certificate"),
        (good.replacen(lines[1], "", 1), "it contains an invalid certificate"),
    ] {
        let builder = || Network::builder("https://api.example").root_certificate_pem(&good);
        for builder in [
            builder().root_certificate_pem(&text),
            // A later certificate doesn't hide the error.
            builder().root_certificate_pem(&text).root_certificate_pem(&good),
        ] {
            let error = builder.build().expect_err(&text);
            assert!(matches!(error, ConfigError::RootCertificate { .. }), "{error}");
            let message = format!("{error} {error:?}");
            assert!(
                message.contains(&format!("the root certificate is not usable: {rule}; pass the text of a PEM file")),
                "{text}: {message}"
            );
            let shown = text.lines().filter(|line| line.len() > 30 && !line.starts_with("-----"));
            assert!(!message.contains("s3cret") && !shown.into_iter().any(|line| message.contains(line)), "{message}");
        }
    }
    let error =
        under_test::courier().api_key(KEY).root_certificate_pem("nothing").build().expect_err("an invalid certificate");
    assert!(matches!(error, ConfigError::RootCertificate { .. }), "{error}");
}

/// The environment belongs to the process, so the test runs itself again in a child process without certificates. On other
/// systems than Linux, the system's store can't be taken away.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_machine_without_root_certificates_needs_an_added_one() {
    const NAME: &str = "flow::transport::tls::a_machine_without_root_certificates_needs_an_added_one";
    const BARE: &str = "COURIER_TESTS_BARE_MACHINE";
    if env::var_os(BARE).is_none() {
        let mut again = Command::new(env::current_exe().expect("this test's program"));
        again.args(["--exact", NAME]).env(BARE, "1");
        again.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
        let output = tokio::task::spawn_blocking(move || again.output()).await.expect("no panic").expect("a process");
        let message = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && message.contains("1 passed"), "{message}");
        return;
    }
    let error = Courier::new(KEY).expect_err("no root certificates");
    let message = error.to_string();
    assert!(message.contains("install them (`ca-certificates` on Linux)"), "{message}");
    assert!(message.contains("or pass your own to `.root_certificate_pem(…)`"), "{message}");
    // Without TLS, none is needed.
    under_test::courier().api_key(KEY).base_url("http://127.0.0.1:1").build().expect("a client");

    let authority = Authority::new("Flow");
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    let _cancelled = client(&server.url(), &[&authority]).cancel(ID).await.expect("a cancellation");
}

/// What plain `openssl req -x509` makes.
#[tokio::test]
async fn a_certificate_that_declares_itself_an_authority_is_explained() {
    let reason = reason_against(&[HOST], |params| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)).await;
    assert!(reason.starts_with("the server's certificate declares itself an authority; "), "{reason}");
}
