//! The library's own calls, which must be the same in every program.

use std::{env, fs};

use courier_core::transport::TransportBuilder;
use courier_core::{ReqwestTransport, Result, Text, Transport, endpoint};

pub trait Echo: Transport {
    #[endpoint(GET, "/echo", ok = 200)]
    async fn echo(&self) -> Result<Text>;
}
impl<T: Transport> Echo for T {}

/// An environment variable that the server sets.
pub fn variable(name: &str) -> String {
    env::var(name).expect("start it with `./run`")
}

/// The certificate of the server's authority, in PEM format.
pub fn authority() -> String {
    fs::read_to_string(variable("CA_PEM")).expect("the server's file")
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// A transport to the server over TLS, which trusts its authority.
pub fn over_tls() -> TransportBuilder<ReqwestTransport> {
    ReqwestTransport::builder(variable("HTTPS_URL")).root_certificate_pem(authority())
}

/// What the server sees of a call of the library: the head of the request and the TLS ClientHello.
pub fn seen(transport: &ReqwestTransport) -> String {
    block_on(async { transport.echo().await }).expect("a response").0
}

/// Checks that the program's features don't affect the library's requests.
pub fn check_plain() {
    let transport = ReqwestTransport::builder(variable("HTTP_URL")).build().expect("a transport");
    // Twice: the first response sets a cookie.
    for _ in 0..2 {
        assert_eq!(without_agent(&seen(&transport)), HEAD);
    }
}

/// The same over TLS. Returns what the ClientHello offers: ALPN protocols, cipher suites and key exchange groups.
pub fn check_tls() -> String {
    let transport = over_tls().build().expect("a transport");
    let mut hello = String::new();
    for _ in 0..2 {
        let seen = without_agent(&seen(&transport));
        hello = seen.strip_prefix(HEAD).expect(&seen).to_owned();
        assert!(hello.starts_with("protocols: [\"http/1.1\"]\n"), "{hello}");
    }
    hello
}

/// Removes the library's version, which this doesn't check.
fn without_agent(seen: &str) -> String {
    seen.lines().filter(|line| !line.starts_with("user-agent:")).map(|line| format!("{line}\n")).collect()
}

const HEAD: &str = "GET /echo HTTP/1.1\naccept: text/*\naccept-encoding: gzip\n";
