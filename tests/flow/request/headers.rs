//! Headers from arguments, from the declaration, and from one call.

use std::fmt;
use std::net::Ipv4Addr;

use courier_core::{Error, InvalidRequest, MemoryTransport, Multipart, NoRequest, Result, Text, Transport, endpoint};

use crate::flow::server::{Received, Reply, Server};
use crate::under_test::Network;

/// A custom `Display`.
struct Range(u32, u32);

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "items={}-{}", self.0, self.1)
    }
}

/// A `Display` that writes nothing.
struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

trait Things: Transport {
    #[endpoint(POST, "/things", ok = 204)]
    async fn create(
        &self,
        #[header("Idempotency-Key")] key: Option<&str>,
        #[header("x-limit")] limit: u64,
    ) -> Result<()>;
    #[endpoint(GET, "/things", ok = 204)]
    #[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "every kind of header")]
    async fn some(
        &self,
        #[header("range")] range: Range,
        #[header("x-from")] from: Option<Ipv4Addr>,
        #[header("x-dry-run")] dry_run: &Option<bool>,
        #[header("x-name")] name: &String,
    ) -> Result<()>;
    #[endpoint(GET, "/things/<id>", ok = 204)]
    async fn named(&self, id: u8, #[header("x-token")] token: &str) -> Result<()>;
    #[endpoint(GET, "/things", ok = 200 | 204, header("api-version" = "2"), header("ACCEPT" = "application/vnd.things+json"))]
    async fn versioned(&self) -> Result<Text>;
    #[endpoint(GET, "/things", ok = 204, header("api-version" = "2"))]
    async fn with_version(&self, #[header("api-version")] version: Option<u8>) -> Result<()>;
    #[endpoint(GET, "/things", ok = 204)]
    async fn broken(&self, #[header("x-token")] token: Broken) -> Result<()>;
    #[endpoint(POST, "/things", ok = 204)]
    async fn form(&self, #[multipart] form: &Multipart) -> Result<()>;
}

impl<T: Transport> Things for T {}

const DONE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

async fn server() -> Server {
    Server::from_fn(|_| Reply::raw(DONE)).await
}

/// The headers that no transport adds.
fn own(request: &Received) -> Vec<&str> {
    let every = ["accept", "accept-encoding", "content-length", "host", "user-agent"];
    let name = |line: &str| line.split_once(':').expect("a header").0.to_owned();
    request.header_lines().into_iter().filter(|line| !every.contains(&name(line).as_str())).collect()
}

#[tokio::test]
async fn an_argument_becomes_a_header_and_none_is_omitted() {
    let mut server = server().await;
    let transport = server.without_key();
    transport.create(Some("7f3c"), u64::MAX).await.expect("204");
    assert_eq!(own(&server.request().await), ["idempotency-key: 7f3c", "x-limit: 18446744073709551615"]);
    transport.create(None, 0).await.expect("204");
    assert_eq!(own(&server.request().await), ["x-limit: 0"]);
}

#[tokio::test]
async fn a_header_value_is_what_display_writes() {
    let mut server = server().await;
    let transport = server.without_key();
    let name = "\"a, b\"; c=%20 ~".to_owned();
    transport.some(Range(0, 9), Some(Ipv4Addr::LOCALHOST), &Some(true), &name).await.expect("204");
    let expected = ["range: items=0-9", "x-dry-run: true", "x-from: 127.0.0.1", r#"x-name: "a, b"; c=%20 ~"#];
    assert_eq!(own(&server.request().await), expected);

    transport.some(Range(1, 2), None, &None, &String::new()).await.expect("204");
    let request = server.request().await;
    assert_eq!(request.header("range"), ["items=1-2"]);
    let names: Vec<_> = own(&request).into_iter().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names, ["range", "x-name"], "an empty string is a value");
}

#[tokio::test]
async fn an_invalid_header_value_is_refused_before_io_and_not_shown() {
    let mut server = server().await;
    let transport = server.without_key();
    for byte in (0..0x20_u8).chain([0x7f]) {
        let value = format!("s3cret{}s3cret", char::from(byte));
        assert_refused(transport.named(1, &value).await, &value);
    }
    for value in [
        "s3cret\r\nx-other: 1",
        "s3cret\r\n\r\nGET /s3cret HTTP/1.1",
        "s3cret\n",
        "s3crét",
        "s3cret\u{80}",
        "s3cret\u{202e}",
    ] {
        assert_refused(transport.named(1, value).await, value);
    }
    assert_eq!(server.received().len(), 0);
}

/// HTTP/1.1 strips leading and trailing spaces and tabs from a value; HTTP/2 treats them as malformed. Either way they are
/// lost.
const BLANKS: [&str; 9] = [" s3cret", "s3cret ", " s3cret ", "s3cret  ", "\ts3cret", "s3cret\t", "s3\tcret", " ", "\t"];

#[tokio::test]
async fn a_value_with_leading_or_trailing_whitespace_is_refused_for_an_argument_and_a_call() {
    let transport = MemoryTransport::new();
    for value in BLANKS {
        assert_refused(transport.named(1, value).await, value);
        assert_refused(transport.named(1, "s3cret").header("x-token", value).await, value);
    }
    assert_eq!(transport.requests().len(), 0);
}

#[test]
fn a_value_with_leading_or_trailing_whitespace_is_refused_for_all_calls() {
    for value in BLANKS.into_iter().chain(["s3crét", "s3cret\n", "s3cret\u{7f}"]) {
        let message = [
            Network::builder("https://example.com").header("x-token", value).build().map(|_| ()),
            Network::builder("https://example.com").header("authorization", value).build().map(|_| ()),
        ];
        for message in message.map(|built| built.expect_err("an invalid header value").to_string()) {
            assert!(message.contains("can't be sent") && !message.contains("s3c"), "{value:?}: {message}");
        }
    }
    for value in ["", "a b", "a  b"] {
        Network::builder("https://example.com").header("x-token", value).build().expect(value);
    }
}

#[test]
fn every_error_states_the_rule_for_a_value_in_the_same_words() {
    let invalid = MemoryTransport::new().named(1, "a ").into_request().expect_err("refused").to_string();
    let config = Network::builder("https://a.example").header("x-token", "a ").build().expect_err("refused");
    let rule = "its value has a space or a tab at an end";
    assert!(invalid.contains(rule) && config.to_string().contains(rule), "{invalid} {config}");
}

#[test]
fn a_connection_header_is_refused_for_a_call_and_for_all_calls() {
    let names =
        ["content-length", "transfer-encoding", "connection", "keep-alive", "Proxy-Connection", "host", "upgrade"];
    for name in names {
        let error = MemoryTransport::new().named(1, "a").header(name, "1").into_request().expect_err(name);
        assert!(matches!(error, NoRequest::Invalid(InvalidRequest::Header { .. })), "{error}");
        let all = |name| Network::builder("https://a.example").header(name, "1").build();
        all(name).expect_err(name);
    }
}

#[test]
fn the_media_type_of_a_part_follows_the_header_rules() {
    for content_type in ["text/plain ", "text/plain; ", "text/plain;\tcharset=utf-8", "text/plain;\t", " text/plain"] {
        let form = Multipart::new().part("a", content_type, "x");
        let error = MemoryTransport::new().form(&form).into_request().expect_err(content_type);
        assert!(matches!(error, NoRequest::Invalid(InvalidRequest::Part { .. })), "{error}");
    }
}

fn assert_refused(outcome: Result<()>, value: &str) {
    let error = outcome.expect_err("an invalid header value");
    let Error::Invalid { source: InvalidRequest::Header { name, .. }, .. } = &error else {
        panic!("{value:?}: {error:?}")
    };
    assert_eq!(name, "x-token");
    assert!(!error.may_have_arrived());
    assert!(!format!("{error} {error:?} {error:#?}").contains("s3cr"), "a header's value may be a secret: {error}");
}

#[tokio::test]
async fn a_failing_display_is_an_error_and_not_a_panic() {
    let transport = MemoryTransport::new();
    let error = transport.broken(Broken).await.expect_err("it fails to format");
    let Error::Invalid { source: InvalidRequest::Display { argument, .. }, .. } = &error else { panic!("{error:?}") };
    assert_eq!(*argument, "x-token");
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test]
async fn a_fixed_header_is_always_sent_and_a_declared_accept_is_kept() {
    let mut server = server().await;
    assert_eq!(server.without_key().versioned().await.expect("204"), Text(String::new()));
    let request = server.request().await;
    assert_eq!(own(&request), ["api-version: 2"]);
    assert_eq!(request.header("accept"), ["application/vnd.things+json"]);
}

#[tokio::test]
async fn an_argument_replaces_a_fixed_header_of_the_same_name() {
    let mut server = server().await;
    let transport = server.without_key();
    transport.with_version(Some(3)).await.expect("204");
    assert_eq!(own(&server.request().await), ["api-version: 3"]);
    transport.with_version(None).await.expect("204");
    assert_eq!(own(&server.request().await), ["api-version: 2"]);
}

#[tokio::test]
async fn a_calls_header_replaces_a_declared_one() {
    let mut server = server().await;
    let transport = server.without_key();
    let call = transport.create(Some("declared"), 1).header("idempotency-key", "called").header("X-More", "1");
    call.await.expect("204");
    assert_eq!(own(&server.request().await), ["idempotency-key: called", "x-limit: 1", "x-more: 1"]);

    let call = transport.versioned().header("Api-Version", "9").header("accept", "text/plain");
    call.await.expect("204");
    let request = server.request().await;
    assert_eq!(own(&request), ["api-version: 9"]);
    assert_eq!(request.header("accept"), ["text/plain"]);
}

#[tokio::test]
async fn a_framing_header_is_refused_on_a_call_with_other_headers() {
    let transport = MemoryTransport::new();
    for name in ["content-length", "Transfer-Encoding", "CONNECTION", "host", "upgrade"] {
        let call = transport.create(Some("7f3c"), 1).header(name, "1");
        assert!(call.request().is_none());
        let error = call.await.expect_err(name);
        let Error::Invalid { source: InvalidRequest::Header { name: message, .. }, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(message, name);
    }
    assert_eq!(transport.requests().len(), 0);
}

trait Uploads: Transport {
    #[endpoint(PUT, "/a", ok = 204)]
    async fn before(&self, #[header("content-type")] kind: Option<&str>, #[raw("text/plain")] body: &str)
    -> Result<()>;
    #[endpoint(PUT, "/b", ok = 204)]
    async fn after(&self, #[raw("text/plain")] body: &str, #[header("Content-Type")] kind: Option<&str>) -> Result<()>;
    #[endpoint(POST, "/c", ok = 204, header("content-type" = "application/vnd.api+json"))]
    async fn fixed(&self, #[body] body: &str) -> Result<()>;
}

impl<T: Transport> Uploads for T {}

#[test]
fn a_named_content_type_overrides_the_bodys_in_every_position() {
    let transport = MemoryTransport::new();
    for (call, kind) in [
        (transport.before(Some("image/png"), ""), "image/png"),
        (transport.after("", Some("image/png")), "image/png"),
        (transport.before(None, ""), "text/plain"),
        (transport.after("", None), "text/plain"),
        (transport.fixed(""), "application/vnd.api+json"),
    ] {
        let request = call.into_request().expect("a request");
        assert_eq!(request.headers()["content-type"], kind, "{}", request.uri());
        assert_eq!(request.headers().get_all("content-type").iter().count(), 1);
    }
}
