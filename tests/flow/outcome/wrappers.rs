//! Types that read a body other than JSON (`Text`, `Raw`, your own) or keep status and headers (`WithResponse`), as the only
//! outcome and as one of several.

use bytes::Bytes;
use courier_core::messages::{MessageDetails, Problem};
use courier_core::{
    Body, DecodeError, Error, FromResponse, MemoryTransport, Raw, Result, Text, Transport, WholeResponse, WithResponse,
    endpoint,
};
use serde::Deserialize;

use crate::flow::record::{ID, PROBLEM, record};

/// Lines of separated values; a header has the separator.
#[derive(Debug, PartialEq)]
struct Table(Vec<Vec<String>>);

impl FromResponse for Table {
    const ACCEPT: &'static str = "text/csv";

    fn from_response(response: &WholeResponse) -> std::result::Result<Self, DecodeError> {
        let separator = response.headers().get("x-separator").map_or(Ok(","), |value| value.to_str());
        let separator = separator.map_err(DecodeError::new)?;
        let text = std::str::from_utf8(response.body()).map_err(|_| DecodeError::at("line 1", "it is not text"))?;
        Ok(Self(text.lines().map(|line| line.split(separator).map(str::to_owned).collect()).collect()))
    }
}

#[derive(Debug)]
enum Export {
    Table(Table),
    Page(Text),
    File(Raw),
    Later(WithResponse<Problem>),
    Throttled(WithResponse<()>),
    Gone(()),
    Nothing,
}

#[derive(Debug)]
enum Send {
    Ok(MessageDetails),
    NotFound(Problem),
    Throttled(()),
}

#[derive(Debug, Deserialize, PartialEq)]
struct Count {
    count: u32,
}

trait Exports: Transport {
    #[endpoint(
        GET,
        "/export",
        table = 200,
        page = 203,
        file = 206,
        later = 202,
        throttled = 429,
        gone = 410,
        nothing = 404
    )]
    async fn export(&self) -> Result<Export>;
    #[endpoint(POST, "/send", ok = 200, not_found = 404, throttled = 429)]
    async fn send_message(&self) -> Result<Send>;
    #[endpoint(GET, "/text", ok = 200)]
    async fn text(&self) -> Result<Text>;
    #[endpoint(GET, "/raw", ok = 2xx)]
    async fn raw(&self) -> Result<Raw>;
    #[endpoint(GET, "/table", ok = 200)]
    async fn table(&self) -> Result<Table>;
    #[endpoint(GET, "/count", ok = 2xx)]
    async fn count(&self) -> Result<WithResponse<Count>>;
    #[endpoint(GET, "/count", some = 200, none = 404)]
    async fn find(&self) -> Result<Option<WithResponse<Text>>>;
}

impl<T: Transport> Exports for T {}

fn responding(status: u16, headers: &[(&'static str, &'static str)], body: impl Into<Body>) -> MemoryTransport {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    MemoryTransport::new().play(Ok(response.body(body.into()).expect("a response")))
}

#[tokio::test]
async fn text_and_raw_are_the_body_unchanged() {
    for body in ["", " a\r\n", "\u{feff}{}", "ü\0", "null"] {
        assert_eq!(responding(200, &[], body).text().await.expect("text"), Text(body.to_owned()));
        assert_eq!(responding(299, &[], body).raw().await.expect("bytes"), Raw(body.into()));
    }
    let bytes = Bytes::from_static(b"\xff\xfe\0");
    assert_eq!(responding(200, &[], bytes.clone()).raw().await.expect("bytes"), Raw(bytes.clone()));
    let error =
        responding(200, &[("content-type", "text/plain; charset=utf-16")], bytes).text().await.expect_err("not UTF-8");
    let message = error.to_string();
    assert!(message.contains("not UTF-8 from byte 0") && message.contains("text/plain; charset=utf-16"), "{message}");
}

#[tokio::test]
async fn a_custom_type_reads_body_and_headers_and_reports_its_own_errors() {
    let rows = Table(vec![vec!["a".into(), "b".into()], vec!["c".into()]]);
    assert_eq!(responding(200, &[], "a,b\nc").table().await.expect("a table"), rows);
    assert_eq!(responding(200, &[("x-separator", ";")], "a;b\nc").table().await.expect("a table"), rows);
    let transport = responding(200, &[("content-type", "text/csv")], &b"\xff"[..]);
    let error = transport.table().await.expect_err("not text");
    let Error::Decode { source, response, .. } = &error else { panic!("{error:?}") };
    assert_eq!((source.path(), response.body().as_ref()), (Some("line 1"), &b"\xff"[..]));
    assert!(error.to_string().contains("at `line 1`: it is not text; content-type text/csv"), "{error}");
    assert_eq!(transport.requests()[0].headers()["accept"], "text/csv");
}

#[tokio::test]
async fn each_outcome_is_read_as_the_type_of_its_variant() {
    let outcome = |status, headers: &'static [_], body: &'static str| async move {
        responding(status, headers, body).export().await.unwrap_or_else(|error| panic!("{error}"))
    };
    assert!(matches!(outcome(200, &[], "a,b").await, Export::Table(Table(rows)) if rows[0] == ["a", "b"]));
    assert!(matches!(outcome(203, &[], "a,b").await, Export::Page(Text(text)) if text == "a,b"));
    assert!(matches!(outcome(206, &[], "a,b").await, Export::File(Raw(bytes)) if bytes == "a,b"));
    let headers = &[("retry-after", "7"), ("retry-after", "8")];
    let Export::Later(later) = outcome(202, headers, PROBLEM).await else { panic!("202 is later") };
    assert_eq!((later.status.as_u16(), &*later.outcome.message), (202, "Message not found"));
    assert!(later.headers.get_all("retry-after").iter().eq(["7", "8"]));
    let headers = &[("x-ratelimit-reset", "9")];
    let Export::Throttled(throttled) = outcome(429, headers, "<html>").await else { panic!("429 is throttled") };
    assert_eq!((throttled.outcome, &throttled.headers["x-ratelimit-reset"]), ((), &"9".parse().expect("a header")));
    assert!(matches!(outcome(410, &[], "{").await, Export::Gone(())));
    assert!(matches!(outcome(404, &[], "{").await, Export::Nothing));
}

#[tokio::test]
async fn each_outcome_has_its_own_body_type_or_none() {
    assert!(
        matches!(responding(200, &[], record("SENT")).send_message().await, Ok(Send::Ok(message)) if message.id == ID)
    );
    let outcome = responding(404, &[], PROBLEM).send_message().await;
    assert!(matches!(outcome, Ok(Send::NotFound(problem)) if problem.kind.as_deref() == Some("invalid_request_error")));
    for body in ["", "{}", "<h1>Too many requests</h1>"] {
        assert!(matches!(responding(429, &[], body).send_message().await, Ok(Send::Throttled(()))), "{body}");
    }
    // The status decides, not the type that would fit the body.
    let error = responding(404, &[], record("SENT")).send_message().await.expect_err("a record is not a problem");
    assert!(matches!(&error, Error::Decode { source, .. } if source.to_string().contains("`message`")), "{error}");
}

#[tokio::test]
async fn with_headers_returns_the_status_and_headers() {
    let transport = responding(201, &[("x-request-id", "7f3c")], r#"{"count": 3}"#);
    let response = transport.count().await.expect("2xx");
    assert_eq!((response.status.as_u16(), response.outcome), (201, Count { count: 3 }));
    assert_eq!(response.headers["x-request-id"], "7f3c");
    assert_eq!(transport.requests()[0].headers()["accept"], "application/json", "the wrapped type is read");

    let twice =
        responding(201, &[("x-request-id", "7f3c")], r#"{"count": 3}"#).count().with_response().await.expect("2xx");
    assert_eq!(twice.headers, twice.outcome.headers);

    let found = responding(200, &[("etag", "\"1\"")], "x").find().await.expect("declared").expect("200 is some");
    assert_eq!((found.outcome, &found.headers["etag"]), (Text("x".into()), &"\"1\"".parse().expect("a header")));
    assert!(responding(404, &[], "x").find().await.expect("declared").is_none());
    let error = responding(200, &[("x-request-id", "7f3c")], "{}").count().await.expect_err("not a count");
    assert_eq!(error.headers().expect("a response")["x-request-id"], "7f3c");
}

#[tokio::test]
async fn a_valid_body_is_read_with_a_wrong_or_missing_content_type() {
    let types: [&[_]; 5] = [
        &[],
        &[("content-type", "text/html")],
        &[("content-type", "")],
        &[("content-type", "application/json; charset=iso-8859-1")],
        &[("content-type", "nonsense")],
    ];
    for headers in types {
        let count = responding(200, headers, r#"{"count": 3}"#).count().await.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(count.outcome, Count { count: 3 });
        assert_eq!(responding(200, headers, "a").text().await.expect("text"), Text("a".into()));
        assert_eq!(responding(200, headers, "a").table().await.expect("a table"), Table(vec![vec!["a".into()]]));
    }
}

#[tokio::test]
async fn a_decode_error_shows_the_content_type() {
    let error =
        responding(200, &[("content-type", "text/html; charset=utf-8")], "<html>").count().await.expect_err("not JSON");
    let message = error.to_string();
    assert!(message.contains("content-type text/html; charset=utf-8") && message.contains("<html>"), "{message}");
    let error = responding(200, &[], "<html>").count().await.expect_err("not JSON");
    assert!(error.to_string().contains("no content-type"), "{error}");
    let error =
        responding(202, &[("content-type", "image/png")], &b"\x89PNG"[..]).export().await.expect_err("not a problem");
    assert!(error.to_string().contains("content-type image/png"), "{error}");
}
