//! Settings: those of connections are refused next to a client.

use std::net::Ipv4Addr;
use std::time::Duration;

use courier_core::transport::{TlsRoots, TlsVersion, TransportBuilder};
use courier_core::{Courier, ReqwestTransport};

use super::super::refusal;
use super::client;
use crate::flow::server::KEY;
use crate::flow::transport::tls::server::{Authority, pem};

/// The settings with their names, of each builder. The identity needs a private key: see the last test.
macro_rules! settings {
    ($builder:expr) => {{
        let second = Duration::from_secs(1);
        let pem = Authority::new("Flow").pem();
        [
            ("connect_timeout", $builder.connect_timeout(second)),
            ("proxy", $builder.proxy("http://127.0.0.1:1")),
            ("proxy_from_env", $builder.proxy_from_env()),
            ("root_certificate_pem", $builder.root_certificate_pem(pem)),
            ("tls_roots", $builder.tls_roots(TlsRoots::Added)),
            ("min_tls_version", $builder.min_tls_version(TlsVersion::Tls13)),
            #[cfg(unix)]
            ("unix_socket", $builder.unix_socket("/run/api.sock")),
            ("local_address", $builder.local_address(Ipv4Addr::LOCALHOST.into())),
            ("resolve", $builder.resolve("api.example", [(Ipv4Addr::LOCALHOST, 1).into()])),
            ("pool_idle_timeout", $builder.pool_idle_timeout(second)),
            ("pool_max_idle", $builder.pool_max_idle(1)),
            ("tcp_keepalive", $builder.tcp_keepalive(second)),
            ("http1_only", $builder.http1_only()),
            ("http2_prior_knowledge", $builder.http2_prior_knowledge()),
        ]
    }};
}

fn expected(name: &str) -> String {
    format!(
        "the setting `{name}` is not usable: connections are opened by the application's own `reqwest::Client`; set it on that client \
         instead"
    )
}

#[test]
fn a_setting_of_connections_is_refused_by_name_before_and_after_the_client() {
    for (name, builder) in settings!(ReqwestTransport::from_client(client(), "https://api.example")) {
        assert_eq!(refusal(builder), expected(name));
    }
    for (name, builder) in settings!(ReqwestTransport::builder("https://api.example")) {
        assert_eq!(refusal(builder.client(client())), expected(name));
    }
    for (name, builder) in settings!(Courier::builder().api_key(KEY)) {
        assert_eq!(builder.client(client()).build().expect_err(name).to_string(), expected(name));
    }
}

#[test]
fn every_other_setting_is_allowed_next_to_a_client() {
    let second = Duration::from_secs(1);
    let builder: TransportBuilder<ReqwestTransport> = ReqwestTransport::from_client(client(), "https://api.example");
    let builder = builder.attempt_timeout(second).max_body_bytes(1).idle_timeout(second).stream_timeout(second);
    let builder = builder.allow_plain_http().header("x-tenant", "acme").user_agent("flow/1").bearer_token(KEY);
    builder.build().expect("a transport");
}

#[test]
fn a_client_certificate_is_refused_next_to_a_client() {
    let certified = rcgen::generate_simple_self_signed([]).expect("a certificate");
    let pem = pem("CERTIFICATE", certified.cert.der()) + &pem("PRIVATE KEY", &certified.signing_key.serialize_der());
    let builder = ReqwestTransport::from_client(client(), "https://api.example").identity_pem(pem);
    assert_eq!(refusal(builder), expected("identity_pem"));
}
