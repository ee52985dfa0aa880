//! `Lines`: a JSON value per line, read as it arrives.

use std::io;

use courier_core::messages::Problem;
use courier_core::{Body, Error, Lines, MemoryTransport, Result, Transport, endpoint};
use futures_util::{FutureExt as _, TryStreamExt as _, stream};
use serde::Deserialize;

#[derive(Debug, Deserialize, PartialEq)]
struct Row {
    id: u32,
}

#[derive(Debug)]
enum Export {
    Ok(Lines<Row>),
    NotFound(Problem),
}

trait Exports: Transport {
    #[endpoint(GET, "/rows", ok = 200)]
    async fn rows(&self) -> Result<Lines<Row>>;
    #[endpoint(GET, "/rows", ok = 200, not_found = 404)]
    async fn found(&self) -> Result<Export>;
    #[endpoint(GET, "/rows", ok = 200 | 204)]
    async fn perhaps(&self) -> Result<Option<Lines<Row>>>;
}
impl<T: Transport> Exports for T {}

fn playing(chunks: &[&'static str]) -> MemoryTransport {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok::<_, io::Error>(*chunk)).collect();
    MemoryTransport::new().answer(200, Body::from_stream(stream::iter(chunks)))
}

async fn rows(chunks: &[&'static str]) -> Lines<Row> {
    playing(chunks).rows().await.expect("rows")
}

#[tokio::test]
async fn every_line_is_a_value_however_the_body_is_split() {
    let all = rows(&["{\"id\"", ": 1}\r", "\n\n{\"id\": 2}\n{\"i", "d\": 3}"]).await;
    let all: Vec<Row> = all.try_collect().await.expect("readable");
    assert_eq!(all, [1, 2, 3].map(|id| Row { id }));
}

#[tokio::test]
async fn a_value_is_returned_when_its_line_has_ended() {
    let body = stream::iter([Ok::<_, io::Error>("{\"id\": 1}\n{\"id\": 2}")]);
    let body = Body::from_stream(futures_util::StreamExt::chain(body, stream::pending()));
    let mut rows = MemoryTransport::new().answer(200, body).rows().await.expect("rows");
    assert_eq!(rows.next().now_or_never().expect("it arrived").expect("a row").expect("readable"), Row { id: 1 });
    assert!(rows.next().now_or_never().is_none(), "the line may continue");
}

#[tokio::test]
async fn a_line_that_cannot_be_read_is_an_error_with_its_number_and_the_next_one_follows() {
    let mut rows = rows(&["{\"id\": 1}\n\n{\"id\": \"two\"}\n{\"id\": 3}\n{\"id\": 4"]).await;
    assert_eq!(rows.next().await.expect("a row").expect("readable").id, 1);
    let error = rows.next().await.expect("a row").expect_err("not a number");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.body().expect("the line"), "{\"id\": \"two\"}");
    let text = error.to_string();
    assert!(text.contains("line 3: at `id`: invalid type: string \"two\", expected u32"), "{text}");
    assert_eq!(rows.next().await.expect("a row").expect("readable").id, 3);
    let error = rows.next().await.expect("a row").expect_err("cut short");
    assert!(error.to_string().contains("line 5: EOF while parsing an object"), "{error}");
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn the_position_in_a_line_is_its_column() {
    let mut rows = rows(&["\n{\"id\": 1}\n{\"id\": \"two\"}\n{}\n{\"id\": 1} 2\n"]).await;
    assert_eq!(rows.next().await.expect("a row").expect("readable").id, 1);
    for expected in [
        "line 3: at `id`: invalid type: string \"two\", expected u32 at column 12; ",
        "line 4: missing field `id` at column 2; ",
        "line 5: trailing characters at column 11; ",
    ] {
        let text = rows.next().await.expect("a row").expect_err("unreadable").to_string();
        assert!(text.contains(expected), "{text}");
    }
}

#[tokio::test]
async fn a_line_is_utf8_even_in_a_field_that_is_ignored() {
    let body = b"{\"id\": 1, \"new\": \"\xff\"}\n{\"id\": 2}".as_slice();
    let mut rows = MemoryTransport::new().answer(200, body).rows().await.expect("rows");
    let error = rows.next().await.expect("a row").expect_err("not UTF-8");
    assert!(error.to_string().contains("line 1: not UTF-8 from byte 18"), "{error}");
    assert_eq!(rows.next().await.expect("a row").expect("readable").id, 2);
}

#[tokio::test]
async fn a_line_that_is_too_long_ends_the_stream() {
    let mut limited = rows(&["{\"id\": 1}\n{\"id\": 1000000}\n{\"id\": 3}\n"]).await.max_line_bytes(9);
    assert_eq!(limited.next().await.expect("a row").expect("readable").id, 1);
    let error = limited.next().await.expect("a row").expect_err("too long");
    assert!(error.to_string().contains("line 2: it has more than 9 bytes (`max_line_bytes`)"), "{error}");
    assert!(limited.next().await.is_none());

    let megabytes = "1".repeat(1024 * 1024 + 1);
    let mut lines = MemoryTransport::new().answer(200, megabytes).rows().await.expect("rows");
    let error = lines.next().await.expect("a row").expect_err("too long");
    assert!(error.to_string().contains("line 1: it has more than 1048576 bytes"), "{error}");
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_its_error_and_never_with_half_a_line() {
    let body = stream::iter([Ok("{\"id\": 1}\n1"), Err(io::Error::other("cut"))]);
    let mut rows = MemoryTransport::new().answer(200, Body::from_stream(body)).rows().await.expect("rows");
    assert_eq!(rows.next().await.expect("a row").expect("readable").id, 1);
    let error = rows.next().await.expect("an error").expect_err("cut");
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(rows.next().await.is_none());
}

#[tokio::test]
async fn lines_are_one_outcome_of_several() {
    let transport = MemoryTransport::new().answer(404, "{\"message\": \"no such export\"}").answer(200, "{\"id\": 1}");
    let Export::NotFound(problem) = transport.found().await.expect("declared") else { panic!("not found") };
    assert_eq!(problem.message, "no such export");
    let Export::Ok(mut rows) = transport.found().await.expect("declared") else { panic!("found") };
    assert_eq!(rows.next().await.expect("a row").expect("readable").id, 1);
    assert_eq!(
        transport.requests()[0].headers()["accept"],
        "application/x-ndjson, application/jsonl, */*;q=0.5, application/json"
    );
    assert!(MemoryTransport::new().answer(204, "").perhaps().await.expect("declared").is_none());
}

#[tokio::test]
async fn a_secret_that_a_server_echoes_in_a_line_is_not_shown() {
    let call = MemoryTransport::new().answer(200, "{\"id\": \"s3cret-t0ken\"}\n");
    let rows = call.rows().header("authorization", "Bearer s3cret-t0ken").await;
    let error = rows.expect("rows").next().await.expect("a row").expect_err("not a number");
    let texts = format!("{error} {error:?} {error:#}");
    assert!(!texts.contains("s3cret-t0ken") && texts.contains("[redacted]"), "{texts}");
}
