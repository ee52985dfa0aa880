//! What a call shows of its request, returns and prints without sending it, for every kind of body, and never with the key.

use courier_core::messages::{MessageFilter, Messages};
use courier_core::{
    Call, Endpoint, InvalidRequest, MemoryTransport, Multipart, NoRequest, Request, Result, Transport, endpoint,
};
use serde_json::json;

use super::record::ID;
use super::server::KEY;
use super::wire::Wire;

trait Drafts: Transport {
    #[endpoint(POST, "/drafts/<id>?<version>", ok = 204, header("api-version" = "2"))]
    async fn json(&self, id: &str, version: u8, #[body] draft: &serde_json::Value) -> Result<()>;
    #[endpoint(PATCH, "/drafts", ok = 204)]
    async fn form(&self, #[form] draft: &serde_json::Value) -> Result<()>;
    #[endpoint(PUT, "/drafts", ok = 204)]
    async fn raw(&self, #[raw("a/b")] draft: &[u8]) -> Result<()>;
    #[endpoint(POST, "/files", ok = 204)]
    async fn multipart(&self, #[header("x-name")] name: &str, #[multipart] files: &Multipart) -> Result<()>;
    #[endpoint(DELETE, "/drafts", ok = 204)]
    async fn nothing(&self) -> Result<()>;
}

impl<T: Transport + ?Sized> Drafts for T {}

/// One call for each kind of body.
fn each<'t>(transport: &'t dyn Transport, files: &Multipart) -> [Call<'t, Result<()>>; 5] {
    [
        transport.json("it's/1", 2, &json!({ "a": "it's" })),
        transport.form(&json!({ "a": "b&c", "d": ["e f"] })),
        transport.raw(b"\x00\xff'%"),
        transport.multipart("ada", files),
        transport.nothing(),
    ]
}

fn files() -> Multipart {
    Multipart::new().text("a", "b").file("c", "d.bin", "e/f", &b"\xff\x00"[..])
}

/// Method, target, content type, content length and body.
fn seen(request: &Request) -> (String, String, String, &[u8]) {
    let header = |name| request.headers().get(name).map_or("", |value| value.to_str().expect("ASCII")).to_owned();
    let line = format!("{} {}", request.method(), request.uri());
    (line, header("content-type"), header("content-length"), request.body().as_bytes().expect("a whole body"))
}

#[test]
fn a_call_shows_its_request_with_every_kind_of_body() {
    let transport = MemoryTransport::new();
    let [json, form, raw, multipart, nothing] = each(&transport, &files());
    let is = |call: &Call<'_, _>, line: &str, content_type: &str, body: &[u8]| {
        let request = call.request().expect("a valid request");
        let length = if body.is_empty() { String::new() } else { body.len().to_string() };
        assert_eq!(seen(request), (line.to_owned(), content_type.to_owned(), length, body));
    };
    is(&json, "POST /drafts/it%27s%2F1?version=2", "application/json", br#"{"a":"it's"}"#);
    assert_eq!(json.request().expect("valid").headers()["api-version"], "2");
    is(&form, "PATCH /drafts", "application/x-www-form-urlencoded", b"a=b%26c&d=e%20f");
    is(&raw, "PUT /drafts", "a/b", b"\x00\xff'%");
    is(&nothing, "DELETE /drafts", "", b"");

    let (line, content_type, length, body) = seen(multipart.request().expect("valid"));
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
    assert!(body.starts_with(format!("--{boundary}\r\n").as_bytes()));
    assert!(body.ends_with(format!("\r\n--{boundary}--\r\n").as_bytes()));
    assert_eq!((&*line, length), ("POST /files", body.len().to_string()));
    assert_eq!(transport.requests().len(), 0);
}

#[tokio::test]
async fn into_request_returns_what_the_call_would_send() {
    let mut wire = Wire::start().await;
    let (courier, another, files) = (wire.courier(), wire.transport(), files());
    for (call, given_away) in each(&courier, &files).into_iter().zip(each(&courier, &files)) {
        let endpoint = given_away.endpoint();
        let request = given_away.header("x-signature", "5f3a").into_request().expect("valid");
        assert_eq!(request.headers()["x-signature"], "5f3a");
        assert!(Endpoint::of(&request).is_some() && Endpoint::of(&request) == endpoint);
        assert_eq!(seen(&request), seen(call.request().expect("valid")));

        call.header("x-signature", "5f3a").await.expect("204");
        let sent = wire.request().await;
        assert_eq!(another.send(request).await.expect("a response").status(), 204);
        let by_another = wire.request().await;
        assert_eq!(by_another.request_line(), sent.request_line());
        assert_eq!(by_another.body, sent.body);
        for name in ["accept", "content-type", "content-length", "api-version", "x-name", "x-signature"] {
            assert_eq!(by_another.header(name), sent.header(name), "{name}");
        }
        // The key belongs to the transport and stays there.
        assert_eq!(sent.header("authorization"), [format!("Bearer {KEY}")]);
        assert_eq!(by_another.header("authorization"), [""; 0]);
    }
    assert_eq!(wire.pending(), 0);
}

#[tokio::test]
async fn a_call_never_shows_the_key() {
    let wire = Wire::start().await;
    let courier = wire.courier();
    let filter = MessageFilter::new().recipient("ada");
    let mut shown: Vec<String> = Vec::new();
    for call in each(&courier, &files()) {
        shown.extend([call.curl().expect("a command"), format!("{call:?}"), format!("{:?}", call.request())]);
        shown.push(format!("{:?}", call.into_request()));
    }
    let list = courier.list(None, &filter);
    shown.extend([list.curl().expect("a command"), format!("{list:#?}"), format!("{:?}", list.with_response())]);
    // A caller's own credential is hidden as well.
    let signed = courier.nothing().header("authorization", format!("Bearer {KEY}")).header("cookie", KEY);
    shown.push(signed.curl().expect("a command"));
    for text in shown {
        assert!(!text.contains(KEY), "{text}");
    }
    assert_eq!(wire.pending(), 0, "nothing was sent");
}

#[tokio::test]
async fn curl_prints_every_kind_of_body_with_the_transports_address() {
    let wire = Wire::start().await;
    let (courier, url) = (wire.courier(), wire.url());
    let [json, form, raw, multipart, nothing] = each(&courier, &files()).map(|call| call.curl().expect("a command"));
    assert_eq!(
        json,
        format!(
            "curl --globoff --path-as-is --request POST --header 'accept: */*' --header 'api-version: 2' \
             --header 'content-type: application/json' --data-raw '{{\"a\":\"it'\\''s\"}}' \
             '{url}/drafts/it%27s%2F1?version=2'"
        )
    );
    assert!(form.contains("--data-raw 'a=b%26c&d=e%20f'") && form.ends_with(&format!("'{url}/drafts'")), "{form}");
    assert!(raw.starts_with(r"printf '\000\377\047%%' | curl ") && raw.contains("--data-binary @-"), "{raw}");
    assert!(multipart.contains("'x-name: ada'") && multipart.contains("boundary="), "{multipart}");
    assert!(multipart.contains(r"\377\000\015\012--"), "{multipart}");
    assert_eq!(nothing, format!("curl --globoff --path-as-is --request DELETE --header 'accept: */*' '{url}/drafts'"));
}

/// A real shell runs a real curl; the test passes if curl is not installed.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_curl_command_sends_what_the_call_would_send() {
    use std::process::Command;

    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let mut wire = Wire::start().await;
    let courier = wire.courier();
    for call in each(&courier, &files()) {
        let command = call.curl().expect("a command");
        call.await.expect("204");
        let sent = wire.request().await;

        let output = Command::new("sh").args(["-c", &format!("{command} --silent --noproxy '*'")]).output();
        assert!(output.expect("a shell").status.success(), "{command}");
        let by_curl = wire.request().await;
        assert_eq!((by_curl.request_line(), &by_curl.body), (sent.request_line(), &sent.body), "{command}");
        for name in ["accept", "content-type", "content-length", "api-version", "x-name"] {
            assert_eq!(by_curl.header(name), sent.header(name), "{name}: {command}");
        }
        assert_eq!(by_curl.header("authorization"), [""; 0]);
    }
}

#[tokio::test]
async fn an_invalid_call_shows_no_request_and_says_why() {
    let transport = MemoryTransport::new();
    let call = transport.json("..", 2, &json!({}));
    assert!(call.request().is_none());
    assert!(matches!(call.curl(), Err(NoRequest::Invalid(InvalidRequest::Segment { .. }))));
    assert!(matches!(call.into_request(), Err(NoRequest::Invalid(InvalidRequest::Segment { .. }))));
    let call = transport.multipart("ada\n", &files());
    assert!(matches!(call.curl(), Err(NoRequest::Invalid(InvalidRequest::Header { .. }))));
    assert!(matches!(call.into_request(), Err(NoRequest::Invalid(InvalidRequest::Header { .. }))));

    let fake: Call<'_, Result<()>> = Call::ready(Ok(()));
    assert_eq!(fake.curl(), Err(NoRequest::Fake));
    let curl = transport.cancel(ID).curl().expect("a command");
    assert!(curl.ends_with("\"$BASE_URL\"'/messages/1-65f0c0e1/cancel'"), "{curl}");
}
