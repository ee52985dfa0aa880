//! What the library logs about retries, and that logs contain no personal data.

use std::cell::RefCell;
use std::sync::Once;
use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{Retry, TransportError, TransportErrorKind};
use courier_core::{
    Courier, MemoryTransport, Request, ReqwestTransport, Response, Result, Secret, Transport, endpoint,
};
use http::StatusCode;
use log::{Level, LevelFilter, Log, Metadata, Record};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const KEY: &str = "pk_test_5ecre7k3y";
const TARGET: &str = "courier_core::retry";

/// Keeps each test's records separate. This works because a test and its runtime share one thread.
struct Captured;

thread_local! {
    static RECORDS: RefCell<Vec<(Level, String, String)>> = const { RefCell::new(Vec::new()) };
}

impl Log for Captured {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let (level, target, text) = (record.level(), record.target().to_owned(), record.args().to_string());
        RECORDS.with_borrow_mut(|records| records.push((level, target, text)));
    }

    fn flush(&self) {}
}

fn capture() {
    static SET: Once = Once::new();
    SET.call_once(|| {
        log::set_logger(&Captured).expect("no other logger");
        log::set_max_level(LevelFilter::Trace);
    });
}

/// The texts logged for retries since the last call.
fn retries() -> Vec<String> {
    let records = RECORDS.take();
    let own = records.into_iter().filter(|(_, target, _)| target == TARGET);
    own.map(|(level, _, text)| {
        assert_eq!(level, Level::Debug, "{text}");
        text
    })
    .collect()
}

fn status_503() -> MemoryTransport {
    MemoryTransport::from_fn(|_| {
        let mut response = Response::default();
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        Ok(response)
    })
}

/// Replaces the wait, which is random, with `…`.
fn without_wait(text: &str) -> String {
    match text.split_once("retry in ") {
        Some((before, _)) => format!("{before}retry in …"),
        None => text.to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn each_retry_is_one_record_with_template_attempt_reason_and_wait() {
    capture();
    let lost = || Err(TransportError::sent(TransportErrorKind::Interrupted));
    let refused = || Err(TransportError::not_sent(TransportErrorKind::Connect).with_source("10.0.0.7 refused"));
    let memory = MemoryTransport::new().play(lost()).play(refused()).answer_with(503, [("retry-after", "7")], "");
    let retry = Retry::new(memory.answer(404, "")).max_attempts(4);
    retry.cancel("ada@example.com").header("x-token", "s3cret").await.expect_err("404 is not declared");

    let texts = retries();
    let waits_removed: Vec<_> = texts[..2].iter().map(|text| without_wait(text)).collect();
    assert_eq!(
        waits_removed,
        [
            "POST /messages/<message_id>/cancel: attempt 1 of 4: connection lost; retry in …",
            "POST /messages/<message_id>/cancel: attempt 2 of 4: no connection; retry in …",
        ]
    );
    assert_eq!(texts[2..], ["POST /messages/<message_id>/cancel: attempt 3 of 4: status 503; retry in 7s"]);
    let all = texts.join("\n");
    for personal in ["ada", "example", "s3cret", "x-token", "10.0.0.7"] {
        assert!(!all.contains(personal), "{all}");
    }

    let mut undeclared = Request::default();
    *undeclared.uri_mut() = "/users/ada?token=s3cret".parse().expect("a target");
    let error = retry.send(undeclared).await.expect_err("no response is left");
    assert_eq!(
        (error.kind(), retries().len()),
        (TransportErrorKind::Refused, 0),
        "a request that isn't retried isn't logged"
    );
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_declaration_is_logged_by_its_method() {
    capture();
    let mut undeclared = Request::default();
    *undeclared.uri_mut() = "/users/ada?token=s3cret".parse().expect("a target");
    let response = Retry::new(status_503()).max_attempts(2).send(undeclared).await.expect("a response");
    assert_eq!(response.status(), 503);
    let texts: Vec<_> = retries().iter().map(|text| without_wait(text)).collect();
    assert_eq!(texts, ["GET (no endpoint): attempt 1 of 2: status 503; retry in …"]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_not_made_is_logged_with_the_reason() {
    capture();
    let busy = MemoryTransport::new().answer_with(429, [("retry-after", "10")], "");
    let call = Retry::new(busy);
    call.cancel("1").deadline(Duration::from_secs(9)).await.expect_err("429 is not declared");
    assert_eq!(
        retries(),
        ["POST /messages/<message_id>/cancel: attempt 1 of 3: status 429; no retry: no time left for a wait of 10s"]
    );

    let retry = Retry::new(status_503());
    for _ in 0..51 {
        retry.cancel("1").await.expect_err("503 is not declared");
    }
    let texts = retries();
    assert_eq!(texts.len(), 101);
    assert_eq!(
        texts[100],
        "POST /messages/<message_id>/cancel: attempt 1 of 3: status 503; no retry: the retry budget is empty"
    );
}

#[tokio::test]
async fn the_key_never_appears_in_a_record_of_any_level() {
    capture();
    // The socket is bound but not listening, so the connection is refused.
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a free port");
    let base_url = format!("http://{}", socket.local_addr().expect("a bound socket"));
    let builder = || Courier::builder().api_key(KEY).base_url(&base_url).max_attempts(2);
    // hyper-util logs each connection, but only reqwest connects through it.
    for builder in [builder(), builder().use_reqwest()] {
        let error = builder.build().expect("a client").cancel("1").await.expect_err("no connection");
        assert_eq!(error.attempts(), 2);
    }

    let records = RECORDS.take();
    assert!(records.iter().any(|(_, target, _)| target == TARGET), "{records:?}");
    assert!(records.iter().any(|(level, ..)| *level == Level::Trace), "other crates log too: {records:?}");
    assert!(records.iter().all(|(.., text)| !text.contains(KEY)), "{records:?}");
}

trait Everywhere: Transport {
    #[endpoint(PUT, "/bot<token>?<api_key>", ok = 200, idempotent)]
    async fn put(
        &self,
        token: &Secret,
        api_key: &Secret,
        #[header("x-api-key")] key: &Secret,
        #[body] body: &Secret,
    ) -> Result<()>;
}
impl<T: Transport> Everywhere for T {}

#[tokio::test]
async fn a_secret_is_in_no_record_of_any_level_wherever_it_is_in_the_request() {
    capture();
    // It reads a request, sends it back, and closes the connection.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("a bound listener"));
    let serve = async {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = vec![0; 4096];
            let mut length = 0;
            while !request[..length].ends_with(b"\"") {
                length += stream.read(&mut request[length..]).await.expect("a request");
            }
            let head =
                format!("HTTP/1.1 503 {KEY}\r\nx-key: {KEY}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await.expect("a client that listens");
            stream.write_all(&request[..length]).await.expect("a client that listens");
        }
    };
    let transport = ReqwestTransport::builder(&base_url).basic_auth("name", KEY).secret_query("second", KEY);
    let retry = Retry::new(transport.build().expect("a client")).max_attempts(2);
    let key = Secret::new(KEY);
    let (result, ()) = tokio::join!(retry.put(&key, &key, &key, &key), serve);
    let error = result.expect_err("503 is not declared");
    assert_eq!(error.attempts(), 2);
    let texts = format!("{error} {error:?}");
    assert!(!texts.contains(KEY) && texts.contains("[redacted]"), "{texts}");

    let records = RECORDS.take();
    assert!(records.iter().any(|(_, target, _)| target == TARGET), "{records:?}");
    assert!(records.iter().any(|(level, ..)| *level == Level::Trace), "others log too: {records:?}");
    // "name:" and the key in base64, without what its last bits depend on.
    for form in [KEY, "bmFtZTpwa190ZXN0XzVlY3Jl"] {
        assert!(records.iter().all(|(.., text)| !text.contains(form)), "{records:?}");
    }
}
