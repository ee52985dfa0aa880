//! The own TLS client of the programs that use rustls: a module of each, so that no crate between them has a feature in common.

use std::env;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

/// Prints what the server sees of the program's own client.
pub(crate) fn own_client() {
    let mut roots = RootCertStore::empty();
    let authority =
        CertificateDer::from_pem_file(env::var("CA_PEM").expect("start it with `./run`")).expect("a certificate");
    roots.add(authority).expect("an authority");
    // Uses the only provider that is compiled in, or the installed one.
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let url = env::var("HTTPS_URL").expect("start it with `./run`");
    let address = url.strip_prefix("https://").expect("the scheme");
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().expect("a name"));
    let stream = TcpStream::connect(address).expect("a connection");
    let mut stream = StreamOwned::new(connection.expect("a configuration"), stream);
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("a server that listens");
    let mut response = Vec::new();
    // The server closes the connection without a closing alert.
    let _end = stream.read_to_end(&mut response);
    let response = String::from_utf8_lossy(&response);
    let (_head, body) = response.split_once("\r\n\r\n").expect("a response");
    println!("{body}");
}
