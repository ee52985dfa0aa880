//! A `Secret` argument is sent unchanged and never shown: in a header, the path, the query, a form and a JSON body.

use courier_core::transport::{BoxFuture, Retry, TransportError, TransportErrorKind};
use courier_core::{Call, Error, MemoryTransport, Multipart, Request, Response, Result, Secret, Transport, endpoint};
use serde::{Deserialize, Serialize};

use crate::flow::key_search::{assert_hides, texts};
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

/// Contains characters that each encoding escapes.
const SECRET: &str = r#"s3cret/"key"\&+ u"#;
const PERCENT_ENCODED: &str = "s3cret%2F%22key%22%5C%26%2B%20u";

#[derive(Serialize)]
struct Login {
    user: &'static str,
    password: Secret,
}

#[derive(Serialize)]
struct Nested<'s> {
    list: Vec<Login>,
    token: Option<&'s Secret>,
}

trait Secrets: Transport {
    #[endpoint(GET, "/header", ok = 200)]
    async fn header(&self, #[header("x-api-key")] key: Secret) -> Result<String>;
    #[endpoint(GET, "/header", ok = 200)]
    async fn optional_header(&self, #[header("x-api-key")] key: Option<&Secret>) -> Result<String>;
    #[endpoint(GET, "/bot<token>/send", ok = 200)]
    async fn path(&self, token: &Secret) -> Result<String>;
    #[endpoint(GET, "/<path..>", ok = 200)]
    async fn segments(&self, path: Secret) -> Result<String>;
    #[endpoint(GET, "/query?<api_key>", ok = 200)]
    async fn query(&self, api_key: &Secret) -> Result<String>;
    #[endpoint(GET, "/query?v=1&<api_key>", ok = 200)]
    async fn optional_query(&self, api_key: Option<Secret>) -> Result<String>;
    #[endpoint(GET, "/query?<api_key:json>", ok = 200)]
    async fn json_query(&self, api_key: &Secret) -> Result<String>;
    #[endpoint(GET, "/query?<keys:comma>", ok = 200)]
    async fn joined_query(&self, keys: &[Secret]) -> Result<String>;
    #[endpoint(GET, "/query", ok = 200)]
    async fn query_struct(&self, #[query] login: &Login) -> Result<String>;
    #[endpoint(POST, "/form", ok = 200)]
    async fn form(&self, #[form] login: &Login) -> Result<String>;
    #[endpoint(POST, "/body", ok = 200)]
    async fn body(&self, #[body] login: &Login) -> Result<String>;
    #[endpoint(POST, "/body", ok = 200)]
    async fn nested(&self, #[body] nested: &Nested<'_>) -> Result<String>;
    #[endpoint(POST, "/body", ok = 200)]
    async fn optional_body(&self, #[body] login: Option<&Login>) -> Result<String>;
    #[endpoint(POST, "/body", ok = 200)]
    async fn whole_body(&self, #[body] secret: &Secret) -> Result<String>;
}
impl<T: Transport + ?Sized> Secrets for T {}

fn login() -> Login {
    Login { user: "ada", password: SECRET.into() }
}

/// A call for each place in which a secret can be.
fn calls(transport: &dyn Transport) -> Vec<Call<'_, Result<String>>> {
    let secret = Secret::new(SECRET);
    vec![
        transport.header(secret.clone()),
        transport.optional_header(Some(&secret)),
        transport.path(&secret),
        transport.segments(secret.clone()),
        transport.query(&secret),
        transport.optional_query(Some(secret.clone())),
        transport.json_query(&secret),
        transport.joined_query(&[Secret::new("first-0ne"), secret.clone()]),
        transport.query_struct(&login()),
        transport.form(&login()),
        transport.body(&login()),
        transport.nested(&Nested { list: vec![login()], token: Some(&secret) }),
        transport.optional_body(Some(&login())),
        transport.whole_body(&secret),
    ]
}

/// Asserts that no form of the secret is in the text.
fn assert_none(text: &str) {
    for part in ["s3cret", "first-0ne", "key\\", "key%"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_secret_is_sent_unchanged() {
    let transport = MemoryTransport::new();
    let requests: Vec<_> = calls(&transport).into_iter().map(|call| call.into_request().expect("a request")).collect();
    let percent = PERCENT_ENCODED;
    assert_eq!(requests[0].headers()["x-api-key"], SECRET);
    assert_eq!(requests[2].uri().to_string(), format!("/bot{percent}/send"));
    assert_eq!(requests[3].uri().to_string(), format!("/{}", percent.replace("%2F", "/")));
    assert_eq!(requests[4].uri().to_string(), format!("/query?api_key={percent}"));
    assert_eq!(requests[7].uri().to_string(), format!("/query?keys=first-0ne,{percent}"));
    assert_eq!(requests[9].body().as_bytes().expect("a whole body"), &format!("user=ada&password={percent}"));
    let body: serde_json::Value =
        serde_json::from_slice(requests[10].body().as_bytes().expect("a whole body")).expect("JSON");
    assert_eq!(body, serde_json::json!({"user": "ada", "password": SECRET}));
}

#[test]
fn only_a_secret_header_is_marked_sensitive() {
    let transport = MemoryTransport::new();
    for call in [transport.header(SECRET.into()), transport.optional_header(Some(&"s3cret".into()))] {
        let request = call.request().expect("a request");
        let sensitive: Vec<_> = request.headers().iter().filter(|(_, value)| value.is_sensitive()).collect();
        assert_eq!(sensitive.len(), 1);
        assert_eq!(sensitive[0].0, "x-api-key");
        assert_none(&format!("{:?}", request.headers()));
    }
    let call = transport.optional_header(None);
    assert!(call.request().expect("a request").headers().get("x-api-key").is_none());
}

#[test]
fn debug_and_curl_of_a_call_hide_a_secret_argument() {
    let transport = MemoryTransport::new();
    for (position, call) in calls(&transport).into_iter().enumerate() {
        let curl = call.curl().expect("a request");
        assert_none(&curl);
        assert_eq!(curl.contains("[redacted]"), position > 1, "a header is left out: {curl}");
        assert_none(&format!("{call:?} {call:#?}"));
    }
    let call = transport.form(&login());
    assert!(call.curl().expect("a request").contains("--data-raw 'user=ada&password=[redacted]'"));
    let call = transport.body(&login());
    assert!(call.curl().expect("a request").contains(r#"--data-raw '{"user":"ada","password":"[redacted]"}'"#));
    assert_eq!(format!("{:?} {:?}", Secret::new(SECRET), login().password), "[redacted] [redacted]");
}

#[test]
fn a_call_without_a_secret_shows_its_values_after_one_with_a_secret() {
    let transport = MemoryTransport::new();
    drop(transport.query(&Secret::new("plain")));
    // Serialized outside a call.
    serde_json::to_string(&Secret::new("plain")).expect("JSON");
    let curl = transport.optional_query(None).header("x-a", "plain").curl().expect("a request");
    assert!(curl.contains("--header 'x-a: plain'"), "{curl}");
}

/// What a server may send back.
fn echoes() -> Vec<String> {
    let json = serde_json::to_string(SECRET).expect("a string");
    vec![
        SECRET.to_owned(),
        json.clone(),
        json.replace('/', "\\/").replace('&', "\\u0026"),
        PERCENT_ENCODED.to_owned(),
        PERCENT_ENCODED.to_lowercase().replace("%20", "+"),
        SECRET.replace('&', "&amp;").replace('u', "&#117;").replace('"', "&quot;"),
        SECRET.replace('&', "&#x26;").replace('"', "&#34;").replace('/', "&#x2F;"),
        // A login page that leads back to the URL with the key.
        format!("/login?next=%2Fquery%3Ftoken%3D{}", PERCENT_ENCODED.replace('%', "%25")),
    ]
}

#[tokio::test]
async fn errors_hide_a_secret_argument_that_the_server_echoes() {
    for echo in echoes() {
        let body = format!("bad key <{echo}>");
        let memory = MemoryTransport::from_fn({
            let body = body.clone();
            move |_| {
                let mut response = Response::new(body.clone().into());
                *response.status_mut() = http::StatusCode::UNAUTHORIZED;
                Ok(response)
            }
        });
        // The scripted server reads no bodies.
        let without_a_body = calls(&memory).len() - BODIES;
        let server = Server::start((0..without_a_body).map(|_| Reply::json(401, &body))).await;
        let (retry, own, reqwest) = (Retry::new(memory.clone()), Own(memory.clone()), server.without_key());
        let played = [&memory as &dyn Transport, &retry, &own].into_iter().flat_map(calls);
        for call in played.chain(calls(&reqwest).into_iter().take(without_a_body)) {
            let error = call.await.expect_err("401 is not declared");
            assert_none(&texts(&error));
            assert!(error.to_string().contains("bad key <"), "{error}");
            assert!(error.to_string().contains("[redacted]"), "{error}");
        }
    }
}

/// The last of [`calls`] have a body.
const BODIES: usize = 5;

/// A custom transport, which knows nothing about secrets.
struct Own(MemoryTransport);

impl Transport for Own {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.0.send(request)
    }
}

#[tokio::test]
async fn errors_of_an_unsent_request_hide_a_secret_argument() {
    let memory = MemoryTransport::new();
    let no_answer_left = calls(&memory);
    let refused = [
        memory.header(Secret::new("s3cret\n")),
        memory.segments(Secret::new("s3cret-a/../s3cret-b")),
        // Refused for one segment alone, which is a part of the secret.
        memory.segments(Secret::new("a/s3cret\\..\\b")),
        memory.segments(Secret::new("a/b\\.\\s3cret/c")),
        memory.joined_query(&[Secret::new("s3cret,1")]),
        memory.joined_query(&[Secret::new("s3cret,\"")]),
    ];
    for call in no_answer_left.into_iter().chain(refused) {
        let error = call.await.expect_err("not sent");
        assert!(matches!(error, Error::Invalid { .. } | Error::Transport { .. }), "{error:?}");
        assert_none(&texts(&error));
    }
}

#[tokio::test]
async fn a_secret_argument_needs_https_except_to_loopback_or_with_opt_in() {
    let builder = || Network::builder("http://example.com");
    let exposed = builder().build().expect("it has no other credential");
    for call in calls(&exposed) {
        let Error::Transport { source, .. } = call.await.expect_err("refused") else { panic!("not refused") };
        assert_eq!((source.kind(), source.may_have_arrived()), (TransportErrorKind::Refused, false));
        assert!(source.to_string().contains("unencrypted"), "{source}");
    }
    let mut server = Server::start([Reply::json(200, "\"ok\"")]).await;
    server.without_key().query(&"s3cret".into()).await.expect("loopback");
    assert_eq!(server.request().await.target(), "/query?api_key=s3cret");
}

#[test]
fn a_blocking_call_hides_a_secret_argument_too() {
    trait Blocks: Transport {
        #[endpoint(GET, "/query?<api_key>", ok = 200)]
        fn block(&self, api_key: &Secret) -> Result<String>;
    }
    impl<T: Transport> Blocks for T {}

    let transport = MemoryTransport::new().answer(401, format!("bad key {SECRET}"));
    let error = transport.block(&SECRET.into()).expect_err("401 is not declared");
    assert_none(&texts(&error));
    assert_hides(&error, SECRET);
}

#[test]
fn a_secret_can_be_read_from_a_response() {
    #[derive(Debug, Deserialize)]
    struct Token {
        access_token: Secret,
    }
    let token: Token = serde_json::from_str(r#"{"access_token": "s3cret"}"#).expect("a token");
    assert_eq!(token.access_token.expose(), "s3cret");
    assert_eq!(format!("{token:?}"), "Token { access_token: [redacted] }");
}

#[tokio::test]
async fn a_secret_in_a_multipart_form_or_a_calls_header_is_hidden() {
    trait Upload: Transport {
        #[endpoint(POST, "/upload", ok = 200)]
        async fn upload(&self, #[multipart] form: &Multipart) -> Result<String>;
    }
    impl<T: Transport> Upload for T {}

    let transport = MemoryTransport::new().answer(401, format!("bad key <{SECRET}>")).answer(401, SECRET);
    let form = Multipart::new().secret("token", &SECRET.into()).file("file", "a", "a/b", b"\xff\r\n".as_slice());
    let call = transport.upload(&form);
    assert!(
        String::from_utf8_lossy(call.request().expect("a request").body().as_bytes().expect("a whole body"))
            .contains(SECRET)
    );
    assert_none(&format!("{form:?} {call:?} {}", call.curl().expect("a request")));
    assert_none(&texts(&call.await.expect_err("401 is not declared")));

    let call = transport.optional_header(None).secret_header("X-Key", &SECRET.into());
    assert_eq!(call.request().expect("a request").headers()["x-key"], SECRET);
    assert_none(&format!("{call:?} {:?} {}", call.request(), call.curl().expect("a request")));
    assert_none(&texts(&call.await.expect_err("401 is not declared")));
    let refused = transport.optional_header(None).secret_header("x-key", &"s3cret\n".into());
    assert_none(&texts(&refused.await.expect_err("a line end")));
}
