//! A builder's secrets are sent with every request, and are neither shown nor sent unencrypted.

use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TransportBuilder};
use courier_core::{ConfigError, Result, Transport, endpoint};

use crate::flow::key_search::texts;
use crate::flow::record::ID;
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

const PASSWORD: &str = r#"p4ss "w\rd/: ü"#;
/// `ada:` and the password.
const BASIC: &str = "YWRhOnA0c3MgIndccmQvOiDDvA==";

type Give = fn(TransportBuilder<Network>) -> TransportBuilder<Network>;

/// Each way to set a secret, and what a server may echo of it.
const WAYS: [(Give, &[&str]); 4] = [
    (
        |builder| builder.basic_auth("ada", PASSWORD),
        &[BASIC, PASSWORD, r#"ada:p4ss "w\rd/: ü"#, "p4ss+%22w%5Crd%2F%3A+%C3%BC"],
    ),
    (|builder| builder.basic_auth("p4ss-as-the-user", ""), &["p4ss-as-the-user", "cDRzcy1hcy10aGUtdXNlcjo="]),
    (|builder| builder.secret_query("api key", PASSWORD), &[PASSWORD, "p4ss%20%22w%5Crd%2F%3A%20%C3%BC"]),
    (
        |builder| builder.secret_header("x-auth", r#"Key a="p4ss \"x\"", b=p4ss-b"#),
        &[r#"p4ss \"x\""#, r#"p4ss "x""#, "p4ss-b"],
    ),
];

fn assert_none(text: &str) {
    for part in ["p4ss", "YWRhOn", "cDRzcy"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn errors_and_debug_hide_a_builders_secrets() {
    for (give, echoes) in WAYS {
        let server = Server::start(echoes.iter().map(|echo| Reply::json(401, format!("bad key <{echo}>")))).await;
        let builder = give(Network::builder(server.url()));
        assert_none(&format!("{builder:?} {builder:#?}"));
        let transport = builder.build().expect("a client");
        assert_none(&format!("{transport:?} {transport:#?}"));
        assert_none(&transport.cancel(ID).curl().expect("a request"));
        for _ in echoes {
            let error = transport.cancel(ID).await.expect_err("401 is not declared");
            assert_none(&texts(&error));
            assert!(error.to_string().contains("[redacted]"), "{error}");
        }
    }
}

#[test]
fn a_builders_secret_needs_https_except_to_loopback_or_with_opt_in() {
    for (give, _) in WAYS {
        let plain = || give(Network::builder("http://example.com"));
        assert!(matches!(plain().build(), Err(ConfigError::PlainHttp { .. })));
        plain().allow_plain_http().build().expect("after opt-in");
        give(Network::builder("http://[::1]:1")).build().expect("loopback");
    }
}

#[tokio::test]
async fn user_and_password_are_sent_as_basic_authentication() {
    let mut server = Server::start([Reply::json(401, "")]).await;
    let transport = Network::builder(server.url()).basic_auth("ada", PASSWORD).build().expect("a client");
    transport.cancel(ID).await.expect_err("401 is not declared");
    assert_eq!(server.request().await.header("authorization"), [format!("Basic {BASIC}")]);
}

trait Queries: Transport {
    #[endpoint(GET, "/plain", ok = 200)]
    async fn plain(&self) -> Result<()>;
    #[endpoint(GET, "/own?a=b&<api_key>", ok = 200)]
    async fn own(&self, api_key: &str) -> Result<()>;
}
impl<T: Transport> Queries for T {}

#[tokio::test]
async fn a_secret_query_is_sent_with_every_request_and_attempt() {
    let mut server = Server::start([Reply::json(503, ""), Reply::json(200, ""), Reply::json(200, "")]).await;
    let builder = Network::builder(server.url() + "/v1").secret_query("api_key", "p4ss/1");
    let transport = Retry::new(builder.secret_query("second", "x").build().expect("a client"));
    transport.plain().await.expect("the second attempt");
    transport.own("own").await.expect("a call with its own key");
    let targets: Vec<_> = server.received().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(
        targets,
        [
            "/v1/plain?api_key=p4ss%2F1&second=x",
            "/v1/plain?api_key=p4ss%2F1&second=x",
            "/v1/own?a=b&api_key=own&second=x"
        ]
    );
}

#[test]
fn an_invalid_secret_is_refused_by_name_and_not_shown() {
    let builder = || Network::builder("https://api.example");
    for (builder, message) in [
        (
            builder().secret_header("x-api-key", "p4ss\n"),
            "the value of the header `x-api-key` is not usable: it has a space or",
        ),
        (
            builder().secret_header("x-api-key", "p4ßs"),
            "the value of the header `x-api-key` is not usable: it has a control",
        ),
        (
            builder().secret_header("authorization", ""),
            "the value of the header `authorization` is not usable: it is empty",
        ),
        (builder().bearer_token("p4ss p4ss"), "the bearer token is not usable: it has a space"),
        (builder().secret_query("key", " p4ss"), "the value of `key` in the query is not usable: it has a space or"),
        (builder().secret_query("key", ""), "the value of `key` in the query is not usable: it is empty"),
        (builder().secret_query("", "p4ss"), "the name of a pair in the query is not usable: it is empty"),
        (builder().basic_auth("ada:p4ss", ""), "the user of the basic authentication is not usable: it has a colon"),
        (
            builder().basic_auth("ada", "p4ss\n"),
            "the password of the basic authentication is not usable: it has a line break",
        ),
        (builder().basic_auth("", ""), "the user of the basic authentication is not usable: it is empty"),
    ] {
        let error = builder.build().expect_err(message);
        assert!(matches!(error, ConfigError::Credential { .. }));
        assert!(error.to_string().starts_with(message), "{error}");
        assert_none(&format!("{error} {error:?}"));
    }
}

#[test]
fn a_secret_header_can_contain_spaces_quotes_and_backslashes() {
    for value in ["Basic YTpi", r#"Digest a="b\"c", d=e"#, "two words", r"back\slash", "\"quoted\""] {
        Network::builder("https://api.example").secret_header("authorization", value).build().expect(value);
    }
}
