//! Bodies on the wire: each kind has its media type and length, and no body has neither.

use std::collections::BTreeMap;
use std::convert::Infallible;

use bytes::Bytes;
use courier_core::argument::RawBody;
use courier_core::transport::{BoxFuture, TransportError, try_clone};
use courier_core::{
    Body, Call, Error, InvalidRequest, MemoryTransport, Multipart, Request, Response, Result, Transport, endpoint,
};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::flow::wire::{Whole, Wire};

#[derive(Serialize)]
struct Draft<'d> {
    subject: &'d str,
    tags: Vec<&'d str>,
    limit: Option<u8>,
}

trait Bodies: Transport {
    #[endpoint(POST, "/json", ok = 204)]
    async fn json<B: Serialize>(&self, #[body] body: B) -> Result<()>;
    #[endpoint(PATCH, "/users/<id>", ok = 204)]
    async fn scim(&self, id: u8, #[body("application/scim+json")] body: &Value) -> Result<()>;
    #[endpoint(POST, "/json", ok = 204)]
    async fn json_or_not(&self, #[body] body: Option<&Draft<'_>>) -> Result<()>;
    #[endpoint(DELETE, "/json", ok = 204)]
    async fn delete(&self, #[body] body: Option<Value>) -> Result<()>;
    #[endpoint(POST, "/form", ok = 204)]
    async fn form<F: Serialize>(&self, #[form] form: F) -> Result<()>;
    #[endpoint(PUT, "/form", ok = 204)]
    async fn form_or_not(&self, #[form] form: Option<Draft<'_>>) -> Result<()>;
    #[endpoint(PUT, "/raw", ok = 204)]
    async fn raw<R: RawBody>(&self, #[raw("text/x-markdown")] body: R) -> Result<()>;
    #[endpoint(POST, "/files", ok = 204)]
    async fn files(&self, #[multipart] form: Multipart) -> Result<()>;
    #[endpoint(PUT, "/files", ok = 204)]
    async fn files_or_not(&self, #[multipart] form: Option<&Multipart>) -> Result<()>;
}

impl<T: Transport> Bodies for T {}

/// Sends the call and returns the whole request.
async fn sent(wire: &mut Wire, call: Call<'_, Result<()>>) -> Whole {
    call.await.expect("204");
    wire.request().await
}

/// Asserts that the request has this body, its type and its length, each once.
fn assert_body(request: &Whole, content_type: &str, body: &[u8]) {
    assert_eq!(request.header("content-type"), [content_type]);
    assert_eq!(request.header("content-length"), [body.len().to_string()]);
    assert!(request.body == body, "{request:?}");
}

/// Asserts that the request has no body and exactly this `content-length`.
fn assert_nothing(request: &Whole, content_length: &[&str]) {
    assert_eq!(request.header("content-type"), [""; 0]);
    assert_eq!(request.header("content-length"), content_length);
    assert_eq!(request.text(), "");
}

#[tokio::test]
async fn any_serialize_type_is_sent_as_json_with_its_media_type() {
    let mut wire = Wire::start().await;
    let transport = wire.transport();
    let draft = Draft { subject: "„Grüße“\u{0}", tags: vec!["a", "b"], limit: None };
    let request = sent(&mut wire, transport.json(&draft)).await;
    assert_eq!(request.request_line(), "POST /json HTTP/1.1");
    let expected = r#"{"subject":"„Grüße“\u0000","tags":["a","b"],"limit":null}"#;
    assert_body(&request, "application/json", expected.as_bytes());

    assert_body(&sent(&mut wire, transport.json("")).await, "application/json", br#""""#);
    assert_body(&sent(&mut wire, transport.json(())).await, "application/json", b"null");
    assert_body(&sent(&mut wire, transport.json([0; 0])).await, "application/json", b"[]");
    let operations = json!({ "op": "replace" });
    let request = sent(&mut wire, transport.scim(7, &operations)).await;
    assert_eq!(request.request_line(), "PATCH /users/7 HTTP/1.1");
    assert_body(&request, "application/scim+json", br#"{"op":"replace"}"#);
}

#[tokio::test]
async fn none_sends_no_body_and_length_zero_if_the_method_allows_a_body() {
    let mut wire = Wire::start().await;
    let transport = wire.transport();
    assert_nothing(&sent(&mut wire, transport.json_or_not(None)).await, &["0"]);
    assert_nothing(&sent(&mut wire, transport.delete(None)).await, &[]);
    assert_nothing(&sent(&mut wire, transport.form_or_not(None)).await, &["0"]);
    assert_nothing(&sent(&mut wire, transport.raw(None::<&str>)).await, &["0"]);
    assert_nothing(&sent(&mut wire, transport.files_or_not(None)).await, &["0"]);

    let draft = Draft { subject: "a", tags: vec![], limit: Some(1) };
    let request = sent(&mut wire, transport.json_or_not(Some(&draft))).await;
    assert_body(&request, "application/json", br#"{"subject":"a","tags":[],"limit":1}"#);
    let request = sent(&mut wire, transport.delete(Some(Value::Null))).await;
    assert_body(&request, "application/json", b"null");
}

#[tokio::test]
async fn a_form_survives_a_round_trip_through_a_decoder() {
    let mut wire = Wire::start().await;
    let transport = wire.transport();
    let nasty = "a&b=c+d%20e ü\u{1f600}\r\n\0;/?#\"";
    let draft = Draft { subject: nasty, tags: vec!["", nasty], limit: None };
    let request = sent(&mut wire, transport.form_or_not(Some(draft))).await;
    assert_body(&request, "application/x-www-form-urlencoded", &request.body);
    let pairs: Vec<_> = form_urlencoded::parse(&request.body).collect();
    assert_eq!(
        pairs,
        [("subject", nasty), ("tags", ""), ("tags", nasty)].map(|(key, value)| (key.into(), value.into()))
    );

    let by_key = BTreeMap::from([(nasty, json!({ "is": [1, true] }))]);
    let request = sent(&mut wire, transport.form(&by_key)).await;
    let pairs: Vec<_> = form_urlencoded::parse(&request.body).collect();
    let key = format!("{nasty}[is]");
    assert_eq!(pairs, [(&*key, "1"), (&*key, "true")].map(|(key, value)| (key.into(), value.into())));
}

#[tokio::test]
async fn raw_bytes_of_every_type_are_sent_unchanged() {
    const BYTES: &[u8] = b"# \xff\x00\r\n\r\n0\r\n";

    /// A type of the user's own.
    struct Picture;
    impl RawBody for Picture {
        fn into_body(self) -> Option<Body> {
            Some(BYTES.into())
        }
    }

    let mut wire = Wire::start().await;
    let transport = wire.transport();
    let (bytes, text) = (Some(BYTES.to_vec()), Some("# Grüße".to_owned()));
    for call in [
        transport.raw(BYTES),
        transport.raw(BYTES.to_vec()),
        transport.raw(Bytes::from_static(BYTES)),
        transport.raw(*b"# \xff\x00\r\n\r\n0\r\n"),
        transport.raw(Body::from(BYTES)),
        transport.raw(Some(BYTES)),
        transport.raw(Some(Body::from(BYTES))),
        transport.raw(&bytes),
        transport.raw([BYTES].first()),
        transport.raw([&bytes].first()),
        transport.raw(b"# \xff\x00\r\n\r\n0\r\n"),
        transport.raw(Picture),
    ] {
        assert_body(&sent(&mut wire, call).await, "text/x-markdown", BYTES);
    }
    for call in [transport.raw("# Grüße"), transport.raw("# Grüße".to_owned()), transport.raw(&text)] {
        assert_body(&sent(&mut wire, call).await, "text/x-markdown", "# Grüße".as_bytes());
    }
    assert_body(&sent(&mut wire, transport.raw("")).await, "text/x-markdown", b"");
}

#[test]
fn an_owned_body_is_not_copied() {
    let transport = MemoryTransport::new();
    let (text, bytes) = ("# Grüße".to_owned(), vec![0xff; 9]);
    for (address, call) in [(text.as_ptr(), transport.raw(text)), (bytes.as_ptr(), transport.raw(bytes))] {
        let request = call.into_request().expect("a request");
        assert_eq!(request.body().as_bytes().expect("whole").as_ptr(), address);
    }
}

/// Name, file name, media type and content of each part, as a server parses them.
async fn parts(request: &Whole) -> Vec<(String, Option<String>, Option<String>, Vec<u8>)> {
    let [content_type] = request.header("content-type")[..] else { panic!("{request:?}") };
    assert_eq!(request.header("content-length"), [request.body.len().to_string()]);
    let boundary = multer::parse_boundary(content_type).expect("a boundary");
    let body = Bytes::from(request.body.clone());
    let body = futures_util::stream::once(async { Ok::<_, Infallible>(body) });
    let mut form = multer::Multipart::new(body, boundary);
    let mut parts = Vec::new();
    while let Some(part) = form.next_field().await.expect("a form") {
        let name = part.name().expect("a name").to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let media_type = part.content_type().map(ToString::to_string);
        parts.push((name, file_name, media_type, part.bytes().await.expect("its content").to_vec()));
    }
    parts
}

#[tokio::test]
async fn a_multipart_form_arrives_part_by_part() {
    let mut wire = Wire::start().await;
    let transport = wire.transport();
    let file = [&b"\x00\xff--\r\n\r\n--courier-core-0000000000000000--\r\n"[..], &[7; 9_000]].concat();
    let form = Multipart::new()
        .text("title", "Figures of Mäy\r\n")
        .part("tags", "application/json", r#"["finance"]"#)
        .file("attachment", "report ü.pdf", "application/pdf", file.clone())
        .file("attachment", "empty", "application/octet-stream", Bytes::new());
    let request = sent(&mut wire, transport.files_or_not(Some(&form))).await;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        parts(&request).await,
        [
            ("title".to_owned(), None, None, "Figures of Mäy\r\n".into()),
            ("tags".to_owned(), None, text("application/json"), r#"["finance"]"#.into()),
            ("attachment".to_owned(), text("report ü.pdf"), text("application/pdf"), file),
            ("attachment".to_owned(), text("empty"), text("application/octet-stream"), Vec::new()),
        ]
    );
    assert_eq!(parts(&sent(&mut wire, transport.files(Multipart::new())).await).await, []);
}

#[tokio::test]
async fn a_mebibyte_arrives_whole() {
    let mut wire = Wire::start().await;
    let transport = wire.transport();
    let large: Vec<u8> = (0..=255_u8).cycle().take(1 << 20).collect();
    assert_body(&sent(&mut wire, transport.raw(&large)).await, "text/x-markdown", &large);
    let text = "ü".repeat(1 << 19);
    let request = sent(&mut wire, transport.json(&text)).await;
    assert_body(&request, "application/json", format!("\"{text}\"").as_bytes());
    let files = Multipart::new().file("a", "a", "a/a", large.clone());
    assert!(parts(&sent(&mut wire, transport.files(files)).await).await[0].3 == large);
}

#[tokio::test]
async fn a_body_that_fails_to_serialize_fails_the_call_before_anything_is_sent() {
    struct Failing;
    impl Serialize for Failing {
        fn serialize<S: Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no value today"))
        }
    }
    let transport = MemoryTransport::new();
    for (call, message) in [
        (transport.json(Failing), "no value today"),
        (transport.json([Some(Failing)]), "no value today"),
        (transport.json(BTreeMap::from([((1, 2), 3)])), "key must be a string"),
        (transport.form(Failing), "no value today"),
        (transport.form("alone"), "single value"),
    ] {
        let error = call.await.expect_err(message);
        assert!(matches!(error, Error::Invalid { source: InvalidRequest::Body { .. }, .. }), "{error:?}");
        assert!(error.to_string().contains(message), "{error}");
    }
    let error = transport.files(Multipart::new().part("a\r\n", "pdf", "")).await.expect_err("`pdf` is no media type");
    assert!(matches!(error, Error::Invalid { source: InvalidRequest::Part { .. }, .. }), "{error:?}");
    assert_eq!(transport.requests().len(), 0);
}

/// Sends everything a second time, as a retry does.
struct Twice<T>(T);

impl<T: Transport> Transport for Twice<T> {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.0)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            self.0.send(try_clone(&request).expect("a whole body")).await?;
            self.0.send(request).await
        })
    }
}

#[tokio::test]
async fn a_retry_sends_the_same_bytes() {
    let mut wire = Wire::start().await;
    let transport = Twice(wire.transport());
    let draft = || Draft { subject: "a", tags: vec!["b"], limit: None };
    let form = Multipart::new().file("a", "a.bin", "a/a", vec![0, 255]);
    for call in [
        transport.json(draft()),
        transport.json_or_not(None),
        transport.form(draft()),
        transport.raw(&b"\xff"[..]),
        transport.files(form),
    ] {
        let first = sent(&mut wire, call).await;
        assert_eq!(wire.request().await, first);
    }
    assert_eq!(wire.pending(), 0);
}
