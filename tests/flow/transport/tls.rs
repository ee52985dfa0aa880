//! TLS: who may answer is checked before anything is said, and a refusal says what to do.

use std::env;
use std::process::Command;

use courier_core::messages::Messages as _;
use courier_core::transport::{TransportError, TransportErrorKind};
use courier_core::{ConfigError, Courier, ReqwestTransport};
use rcgen::date_time_ymd;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use self::server::{Authority, HOST, Seen, TlsServer, pem};
use super::transport_error;
use crate::flow::key_search;
use crate::flow::record::{ID, record};
use crate::flow::server::KEY;

pub(super) mod server;

/// A 200 with the record, and the end of the connection.
fn cancelled() -> String {
    let record = record("CANCELED");
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{record}", record.len())
}

/// A client with the key that trusts these authorities, and sends nothing twice.
fn client(url: &str, trusted: &[&Authority]) -> ReqwestTransport {
    let builder = ReqwestTransport::builder(url).bearer_token(KEY);
    let builder = trusted.iter().fold(builder, |builder, authority| builder.root_certificate_pem(authority.pem()));
    builder.build().expect("a client")
}

/// The error of a call that never got as far as to send something.
async fn refusal(transport: &ReqwestTransport) -> TransportError {
    let error = transport_error(transport.cancel(ID).await);
    assert_eq!(error.kind(), TransportErrorKind::Connect, "{error}");
    assert!(!error.may_have_arrived());
    assert_eq!(error.status(), None);
    error
}

/// Its text begins with the server and ends with what it means for the caller; what stands between is returned.
fn reason(error: &TransportError, url: &str) -> String {
    let text = error.to_string();
    let reason = text.strip_prefix(&format!("no connection to {url}: ")).expect(&text);
    reason.strip_suffix("; nothing was sent").expect(&text).to_owned()
}

/// The client trusts the authority, and yet not this server, to which it sends nothing.
async fn reason_against(names: &[&str], with: impl FnOnce(&mut rcgen::CertificateParams)) -> String {
    let authority = Authority::new("Flow");
    let mut server = TlsServer::start(authority.server(names, with), cancelled()).await;
    let error = refusal(&client(&server.url(), &[&authority])).await;
    assert!(matches!(server.seen().await, Seen::NoHandshake));
    reason(&error, &server.url())
}

#[tokio::test]
async fn a_server_with_a_certificate_of_an_added_authority_is_called() {
    let (other, authority) = (Authority::new("Other"), Authority::new("Flow"));
    let mut server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    let both = format!("# One\n{}\r\n\n# Two\n{}", other.pem(), authority.pem());
    let builder = || Courier::builder().api_key(KEY).base_url(server.url());
    for builder in [
        builder().root_certificate_pem(authority.pem()),
        builder().root_certificate_pem(both),
        builder().root_certificate_pem(other.pem()).root_certificate_pem(authority.pem()),
        builder().root_certificate_pem(authority.pem()).root_certificate_pem(other.pem()),
    ] {
        let _cancelled = builder.build().expect("a client").cancel(ID).await.expect("a cancellation");
    }
    for _ in 0..4 {
        let Seen::Request(head) = server.seen().await else { panic!("no handshake") };
        assert!(head.contains(&format!("authorization: Bearer {KEY}\r\n")), "{head}");
    }
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_is_told_nothing() {
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
async fn a_server_with_an_expired_certificate_is_told_nothing() {
    let reason = reason_against(&[HOST], |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 2, 29);
    });
    let expected = "the server's certificate expired at 2020-02-29T00:00:00Z, or this machine's clock is wrong";
    assert_eq!(reason.await, expected);
}

#[tokio::test]
async fn a_server_with_a_certificate_for_later_is_told_nothing() {
    let reason = reason_against(&[HOST], |params| {
        params.not_before = date_time_ymd(9998, 1, 1);
        params.not_after = date_time_ymd(9999, 12, 31);
    });
    let expected =
        "the server's certificate is not valid before 9998-01-01T00:00:00Z, or this machine's clock is wrong";
    assert_eq!(reason.await, expected);
}

#[tokio::test]
async fn a_server_with_a_certificate_for_another_host_is_told_nothing() {
    let reason = reason_against(&["other.example"], |_| {}).await;
    assert!(reason.contains("certificate not valid for name \"127.0.0.1\""), "{reason}");
    assert!(reason.contains("only valid for DnsName(\"other.example\")"), "{reason}");
    assert!(reason.ends_with("; is this the server that the base URL should name?"), "{reason}");
}

/// A hostile server knows the key from an earlier time, say.
#[tokio::test]
async fn a_certificate_that_names_the_key_does_not_show_it() {
    // Not the key of the other tests: what rustls and h2 log of the server's own words is theirs.
    let secret = "s3cret-of-this-test";
    let authority = Authority::new("Flow");
    let name = format!("{secret}.example");
    let server = TlsServer::start(authority.server(&[&name], |_| {}), cancelled()).await;
    let builder = ReqwestTransport::builder(server.url()).bearer_token(secret);
    let transport = builder.root_certificate_pem(authority.pem()).build().expect("a client");
    let error = transport.cancel(ID).await.expect_err("it is for another name");
    key_search::assert_hides(&error, secret);
    assert!(error.to_string().contains("[redacted].example"), "{error}");
}

/// What a listener answers to the first bytes of a handshake, and what it got until the client went.
async fn answered_with(answer: &[u8]) -> (TransportError, String, Vec<u8>) {
    key_search::begin();
    let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
    let url = format!("https://{}", listener.local_addr().expect("a bound listener"));
    let transport = client(&url, &[]);
    let (error, received) = tokio::join!(refusal(&transport), async {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut received = Vec::new();
        stream.read_buf(&mut received).await.expect("the first bytes of a handshake");
        stream.write_all(answer).await.expect("a client that listens");
        stream.shutdown().await.ok();
        stream.read_to_end(&mut received).await.ok();
        received
    });
    (error, url, received)
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_that_is_safe_is_told_nothing() {
    // The alert `protocol_version` (RFC 8446, section 6.2), and a ServerHello of TLS 1.1 (RFC 4346, section 7.4.1.3).
    let alert = [0x15, 3, 1, 0, 2, 2, 70];
    let hello = [&[0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    for answer in [&alert[..], &hello] {
        let (error, url, received) = answered_with(answer).await;
        let reason = reason(&error, &url);
        let expected =
            "the server and this client, which supports TLS 1.2 and 1.3, have no TLS version or cipher in common: ";
        assert!(reason.starts_with(expected), "{reason}");
        assert!(!received.windows(4).any(|four| four == b"POST"), "{received:?}");
    }
}

#[tokio::test]
async fn a_server_of_plain_http_is_told_nothing() {
    let (error, url, received) = answered_with(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n").await;
    let reason = reason(&error, &url);
    assert!(reason.starts_with("what the server sent is not TLS; is this its port for `http://`?"), "{reason}");
    assert!(!received.windows(4).any(|four| four == b"POST"), "{received:?}");
}

#[tokio::test]
async fn a_handshake_that_is_cut_off_is_no_connection() {
    let (error, url, _) = answered_with(b"").await;
    assert_eq!(reason(&error, &url), "the server closed the connection during the TLS handshake");
}

/// The key goes to this machine alone, as with any `http://`.
#[tokio::test]
async fn a_server_of_tls_that_is_called_without_gives_an_error_of_what_came() {
    let authority = Authority::new("Flow");
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    let error = transport_error(client(&server.plain_url(), &[]).cancel(ID).await);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted);
    assert!(error.to_string().contains("what came was not HTTP: invalid HTTP version parsed"), "{error}");
}

#[test]
fn a_text_that_is_no_certificate_is_refused_without_a_byte_of_it() {
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
        let builder = || ReqwestTransport::builder("https://api.example").root_certificate_pem(&good);
        for builder in [
            builder().root_certificate_pem(&text),
            // What is given later does not hide it.
            builder().root_certificate_pem(&text).root_certificate_pem(&good),
        ] {
            let error = builder.build().expect_err(&text);
            assert!(matches!(error, ConfigError::RootCertificate { .. }), "{error}");
            let told = format!("{error} {error:?}");
            assert!(
                told.contains(&format!("the root certificate is not usable: {rule}; pass the text of a PEM file")),
                "{text}: {told}"
            );
            let shown = text.lines().filter(|line| line.len() > 30 && !line.starts_with("-----"));
            assert!(!told.contains("s3cret") && !shown.into_iter().any(|line| told.contains(line)), "{told}");
        }
    }
    let error = Courier::builder().api_key(KEY).root_certificate_pem("nothing").build().expect_err("no certificate");
    assert!(matches!(error, ConfigError::RootCertificate { .. }), "{error}");
}

/// A process has one environment: the test runs itself again in a process where it names no certificates. Elsewhere than on
/// Linux the system's own store is asked, which can't be taken away.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_machine_without_root_certificates_needs_one_of_the_users() {
    const NAME: &str = "flow::transport::tls::a_machine_without_root_certificates_needs_one_of_the_users";
    const BARE: &str = "COURIER_TESTS_BARE_MACHINE";
    if env::var_os(BARE).is_none() {
        let mut again = Command::new(env::current_exe().expect("this test's program"));
        again.args(["--exact", NAME]).env(BARE, "1");
        again.env("SSL_CERT_FILE", "/nonexistent").env("SSL_CERT_DIR", "/nonexistent");
        let output = tokio::task::spawn_blocking(move || again.output()).await.expect("no panic").expect("a process");
        let told = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && told.contains("1 passed"), "{told}");
        return;
    }
    let error = Courier::new(KEY).expect_err("nobody to trust");
    let told = error.to_string();
    assert!(told.contains("install them (`ca-certificates` on Linux)"), "{told}");
    assert!(told.contains("or pass your own to `.root_certificate_pem(…)`"), "{told}");
    // Without TLS none is needed.
    Courier::builder().api_key(KEY).base_url("http://127.0.0.1:1").build().expect("a client");

    let authority = Authority::new("Flow");
    let server = TlsServer::start(authority.server(&[HOST], |_| {}), cancelled()).await;
    let _cancelled = client(&server.url(), &[&authority]).cancel(ID).await.expect("a cancellation");
}
