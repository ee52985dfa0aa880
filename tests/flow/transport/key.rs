//! No error shows the key, and neither does any of its sources, even if the server echoes it.

use std::error::Error as StdError;
use std::time::Duration;

use courier_core::messages::{Messages as _, Problem};
use courier_core::{ConfigError, Courier, Error, Result, Transport, endpoint};
use serde::Deserialize;

use crate::flow::key_search::{assert_hidden, texts};
use crate::flow::record::{ID, PROBLEM, record, value};
use crate::flow::server::{KEY, Reply, Server, unused_address};
use crate::under_test::{self, Network};

/// The error of a cancellation with this response.
async fn error_after(reply: Reply) -> Error {
    let server = Server::start([reply]).await;
    let error = server.courier().cancel(ID).await.expect_err("an error");
    assert_hidden(&error);
    error
}

#[tokio::test]
async fn the_key_is_hidden_in_an_undeclared_status() {
    error_after(Reply::json(401, PROBLEM)).await;
    let error = error_after(Reply::json(401, format!("bad key: Bearer {KEY}"))).await;
    assert_eq!(error.body().expect("a response"), &format!("bad key: Bearer {KEY}"), "the body itself is unchanged");
    assert!(error.to_string().contains("bad key: Bearer [redacted]"), "{error}");

    error_after(Reply::json(401, format!(r#"{{"message": "bad key {KEY}", "type": "{KEY}"}}"#))).await;
    error_after(Reply::with_headers(401, &[&format!("x-key: {KEY}"), &format!("location: /?{KEY}")], "")).await;
    error_after(Reply::raw(format!("HTTP/1.1 401 {KEY}\r\ncontent-length: 0\r\n\r\n"))).await;
}

#[tokio::test]
async fn a_key_at_the_cut_of_an_excerpt_is_hidden() {
    for before in 0..=201 {
        let transport = Server::start([Reply::json(401, "x".repeat(before) + KEY + &"y".repeat(300))]).await;
        assert_hidden(&transport.courier().cancel(ID).await.expect_err("401 is not declared"));
    }
}

#[tokio::test]
async fn the_key_is_hidden_in_an_unreadable_body() {
    // Instead of a number.
    let mut echo = value("CANCELED");
    echo["enqueued"] = KEY.into();
    let error = error_after(Reply::json(200, echo.to_string())).await;
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    // The same in another encoding.
    let escaped = record("CANCELED").replace("1710276833123", &format!("\"\\u0070{}\"", &KEY[1..]));
    let error = error_after(Reply::json(200, escaped)).await;
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");

    error_after(Reply::json(200, format!("<html>{KEY}</html>"))).await;
    error_after(Reply::json(409, [KEY.as_bytes(), b"\xff"].concat())).await;
    error_after(Reply::with_headers(200, &[&format!("content-type: text/{KEY}")], "")).await;
}

#[tokio::test]
async fn the_key_is_hidden_in_a_path_or_value_that_the_decoder_reports() {
    #[derive(Debug, Deserialize)]
    enum Colour {
        Red,
    }
    trait Echoes: Transport {
        #[endpoint(GET, "/", ok = 200)]
        async fn places(&self) -> Result<std::collections::HashMap<String, u8>>;
        #[endpoint(GET, "/", ok = 200)]
        async fn colour(&self) -> Result<Colour>;
    }
    impl<T: Transport> Echoes for T {}

    let server = Server::start([Reply::json(200, format!(r#"{{"{KEY}": "x"}}"#))]).await;
    assert_hidden(&server.courier().places().await.expect_err("not a number"));
    let server = Server::start([Reply::json(200, format!(r#""{KEY}""#)), Reply::json(200, r#""Red""#)]).await;
    assert_hidden(&server.courier().colour().await.expect_err("not a colour"));
    assert!(matches!(server.courier().colour().await.expect("a colour"), Colour::Red));
}

#[tokio::test]
async fn the_key_is_hidden_if_the_response_is_incomplete() {
    let moderate = |server: &Server| {
        let limits = server.builder().max_body_bytes(1000).attempt_timeout(Duration::from_millis(50)).max_attempts(1);
        limits.build().expect("a client")
    };
    for reply in [
        Reply::silence(),
        Reply::silence().and_close(),
        Reply::raw(format!("{KEY}\r\n\r\n")).and_close(),
        Reply::raw(format!("HTTP/1.1 {KEY}\r\n\r\n")).and_close(),
        Reply::raw(format!("HTTP/1.1 200 OK\r\n{KEY}\r\n\r\n")).and_close(),
        Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {KEY}\r\n\r\n")).and_close(),
        Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{KEY}")).and_close(),
        Reply::raw(format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{KEY}\r\n")).and_close(),
        Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 17\r\ncontent-encoding: gzip\r\n\r\n{KEY}")).and_close(),
        Reply::json(200, KEY.repeat(1000)),
    ] {
        let server = Server::start([reply]).await;
        assert_hidden(&moderate(&server).cancel(ID).await.expect_err("an error"));
    }
    let unreachable = under_test::courier().api_key(KEY).base_url(format!("http://{}/{KEY}", unused_address().await));
    assert_hidden(&unreachable.build().expect("a client").cancel(ID).max_attempts(1).await.expect_err("no connection"));
}

#[tokio::test]
async fn the_key_is_hidden_if_the_call_was_not_sent() {
    let server = Server::start([]).await;
    let courier = server.courier();
    assert_hidden(
        &courier.cancel(ID).header("authorization", format!("Bearer {KEY}\n")).await.expect_err("a line end"),
    );
    let call = courier.cancel(ID);
    assert!(!format!("{call:?} {:?} {courier:?} {courier:#?}", call.request()).contains(KEY));
}

#[test]
fn an_invalid_key_is_refused_by_the_builder_and_not_shown() {
    let (builder, courier) = (|| Network::builder("https://api.example"), under_test::courier);
    for fault in ["", " ", "\t", "\r\n", "\n", "\r", "\0", "\u{7f}", "\u{a0}", "é", "\u{feff}", "\"", "\\"] {
        for key in [fault.to_owned(), format!("{fault}s3cret"), format!("s3cret{fault}"), format!("s3{fault}cret")] {
            if key == "s3cret" {
                continue;
            }
            let errors = [
                Courier::new(&key).expect_err(&key),
                courier().api_key(&key).api_key(KEY).build().expect_err(&key),
                courier().api_key(KEY).api_key(&key).build().expect_err(&key),
                builder().bearer_token(&key).build().expect_err(&key),
            ];
            for error in errors {
                assert!(matches!(error, ConfigError::Credential { .. }), "{key:?}: {error}");
                assert!(StdError::source(&error).is_none());
                let message = format!("{error} {error:?} {error:#?}");
                assert!(!message.contains("s3") && !message.contains("cret"), "{message}");
                assert!(message.contains("is not usable: it "), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn a_problem_is_read_from_a_response_that_echoes_the_key() {
    let error = error_after(Reply::json(401, format!(r#"{{"message": "bad key {KEY}"}}"#))).await;
    let problem: Problem = error.body_as().expect("a problem");
    assert_eq!(problem.message, format!("bad key {KEY}"), "the value itself is unchanged");
}

#[tokio::test]
async fn debug_of_response_headers_hides_an_echoed_key() {
    let reply = Reply::with_headers(200, &[&format!("x-key: {KEY}")], record("CANCELED"));
    let server = Server::start([reply]).await;
    let response = server.courier().cancel(ID).with_response().await.expect("a cancellation");
    assert_eq!(response.headers["x-key"], KEY, "the value itself is unchanged");
    assert!(!format!("{response:?}").contains(KEY), "{response:?}");
}

#[tokio::test]
async fn a_credential_that_starts_with_another_one_is_hidden_whole() {
    let server = Server::start([Reply::json(401, format!("bad key {KEY}"))]).await;
    let (beginning, rest) = KEY.split_at(7);
    let transport = Network::builder(server.url()).bearer_token(beginning).secret_header("x-api-key", KEY);
    let error = transport.build().expect("a client").cancel(ID).await.expect_err("401 is not declared");
    assert!(!texts(&error).contains(rest), "{error}");
}
