//! Runs a program next to a server that shows what the program's requests look like:
//!
//! ```text
//! server PROGRAM [ARGUMENT…]
//! ```
//!
//! The environment variables `HTTP_URL` and `HTTPS_URL` contain the server's addresses, and `CA_PEM` the file with the certificate
//! of its authority. The server responds to every request with the request's head and, over TLS, with what the ClientHello offered,
//! and sets a cookie.
//!
//! The server is a separate program, because its own TLS would add features to the program's.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, exit};
use std::sync::Arc;
use std::time::Duration;
use std::{env, fs, thread};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{Acceptor, ClientHello};
use rustls::{ServerConfig, StreamOwned};

/// The name in the certificate.
const HOST: &str = "localhost";

fn main() {
    let (config, authority) = certificate();
    let file = env::temp_dir().join(format!("courier-guests-{}.pem", std::process::id()));
    fs::write(&file, authority).expect("a file for the certificate");
    let plain = listen(|stream| respond(stream, ""));
    let encrypted = listen(move |stream| handshake(stream, &config));

    let mut arguments = env::args_os().skip(1);
    let status = Command::new(arguments.next().expect("usage: server PROGRAM [ARGUMENT…]"))
        .args(arguments)
        .env("HTTP_URL", format!("http://{HOST}:{plain}"))
        .env("HTTPS_URL", format!("https://{HOST}:{encrypted}"))
        .env("CA_PEM", &file)
        .status()
        .expect("the program");
    fs::remove_file(file).expect("it was written");
    exit(status.code().unwrap_or(1));
}

/// The configuration of a server for [`HOST`], and the certificate of the authority that issued its certificate.
fn certificate() -> (Arc<ServerConfig>, String) {
    let mut params = CertificateParams::new([]).expect("no names");
    // With the name of the server's certificate, OpenSSL would treat that certificate as self-signed.
    params.distinguished_name.push(DnType::CommonName, "Guests");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let authority = params.self_signed(&key).expect("a certificate").pem();
    let issuer = Issuer::new(params, key);

    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new([HOST.to_owned()]).expect("a name");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate").der().clone();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
        .expect("a certificate with its key");
    // The response shows what the client offered, so the server can select what every client here supports.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (Arc::new(config), authority)
}

/// Serves connections one after the other, and returns the port.
fn listen(serve: impl Fn(TcpStream) -> io::Result<()> + Send + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("a bound listener").port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
            // A client that doesn't trust the server closes the connection and reports it.
            let _ended = serve(stream);
        }
    });
    port
}

fn handshake(mut stream: TcpStream, config: &Arc<ServerConfig>) -> io::Result<()> {
    let mut acceptor = Acceptor::default();
    let accepted = loop {
        acceptor.read_tls(&mut stream)?;
        match acceptor.accept() {
            Ok(Some(accepted)) => break accepted,
            Ok(None) => {}
            Err((error, _)) => return Err(io::Error::other(error)),
        }
    };
    let offered = offered(&accepted.client_hello());
    let connection = accepted.into_connection(Arc::clone(config)).map_err(|(error, _)| io::Error::other(error))?;
    respond(StreamOwned::new(connection, stream), &offered)
}

fn offered(hello: &ClientHello<'_>) -> String {
    let protocols: Vec<_> = hello.alpn().into_iter().flatten().map(String::from_utf8_lossy).collect();
    let (suites, groups) = (hello.cipher_suites(), hello.named_groups());
    format!("protocols: {protocols:?}\nsuites: {suites:?}\ngroups: {:?}\n", groups.unwrap_or_default())
}

/// Responds with the head of the request, without the server's port, and what the ClientHello offered.
fn respond(mut stream: impl Read + Write, offered: &str) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).replace("\r\n", "\n");
    let lines: String =
        head.lines().filter(|line| !line.starts_with("host:")).map(|line| format!("{line}\n")).collect();
    let body = format!("{}\n{offered}", lines.trim_end());
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nset-cookie: seen=1\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    stream.flush()
}
