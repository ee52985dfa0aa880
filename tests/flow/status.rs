//! Status: it alone selects the declared outcome; any other status is an error that keeps the response.

use std::time::Duration;

use courier_core::messages::{Cancellation, Messages as _, Problem};
use courier_core::{Error, MemoryTransport, Result, Transport, endpoint};

use super::key_search::assert_hidden;
use super::record::{ID, PROBLEM, record};
use super::server::{KEY, Reply, Server};
use crate::under_test::Network;

#[derive(Debug, PartialEq)]
enum Job {
    Accepted(u8),
    Rejected,
    Broken(String),
}

trait Jobs: Transport {
    #[endpoint(POST, "/jobs", accepted = 200 | 202, rejected = 4xx, broken = 503)]
    async fn start(&self) -> Result<Job>;

    #[endpoint(DELETE, "/jobs/<id>", ok = 2xx)]
    async fn delete(&self, id: u8) -> Result<()>;
}

impl<T: Transport> Jobs for T {}

#[tokio::test]
async fn a_declared_409_is_an_outcome_and_never_retried() {
    let mut server = Server::start([Reply::json(409, record("DELIVERED")), Reply::json(200, record("CANCELED"))]).await;
    let outcome = server.courier().cancel(ID).await.expect("409 is declared");
    let Cancellation::Conflict(message) = outcome else { panic!("{outcome:?}") };
    assert_eq!(message.status.as_str(), "DELIVERED");
    assert_eq!(server.received().len(), 1, "a declared outcome is not retried");
}

/// Each record contradicts its status.
#[tokio::test]
async fn the_body_does_not_change_which_outcome_it_is() {
    let transport = MemoryTransport::new().answer(200, record("DELIVERED")).answer(409, record("CANCELED"));
    assert!(matches!(transport.cancel(ID).await, Ok(Cancellation::Ok(_))));
    assert!(matches!(transport.cancel(ID).await, Ok(Cancellation::Conflict(_))));

    let transport = MemoryTransport::new().answer(200, PROBLEM).answer(404, record("CANCELED"));
    let error = transport.cancel(ID).await.expect_err("a problem is not a record");
    assert!(matches!(error, Error::Decode { .. }), "200 is declared, so its body decides nothing: {error:?}");
    let error = transport.cancel(ID).await.expect_err("404 is not declared");
    assert!(matches!(error, Error::Status { .. }), "even if its body is a record: {error:?}");
}

#[tokio::test]
async fn an_undeclared_2xx_is_an_error_with_the_whole_response() {
    let reply = Reply::with_headers(201, &["x-request-id: 7f3c", "x-twice: 1", "x-twice: 2"], record("CANCELED"));
    let server = Server::start([reply]).await;
    let error = server.courier().cancel(ID).await.expect_err("201 is not declared");

    let Error::Status { endpoint, response, .. } = &error else { panic!("{error:?}") };
    assert_eq!(endpoint.template(), "/messages/<message_id>/cancel");
    assert_eq!(response.status(), 201);
    assert_eq!(response.headers()["x-request-id"], "7f3c");
    assert_eq!(response.headers().get_all("x-twice").iter().collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(response.body(), record("CANCELED").as_bytes());

    assert_eq!(error.status().expect("a response"), 201);
    assert_eq!(error.body().expect("a response"), record("CANCELED").as_bytes());
    assert_eq!(error.endpoint().name(), "cancel");
    assert!(error.may_have_arrived());
}

#[tokio::test]
async fn every_status_but_the_declared_ones_is_undeclared() {
    let transport = MemoryTransport::from_fn(|request| {
        let status = request.headers()["x-status"].to_str().expect("ASCII").parse().expect("a status");
        let mut response = courier_core::Response::new(record("CANCELED").into());
        *response.status_mut() = status;
        Ok(response)
    });
    for status in 200..1000 {
        match (status, transport.cancel(ID).header("x-status", status.to_string()).await) {
            (200, Ok(Cancellation::Ok(_))) | (409, Ok(Cancellation::Conflict(_))) => {}
            (200 | 409, other) => panic!("{status}: {other:?}"),
            (_, Err(Error::Status { response, .. })) => assert_eq!(response.status(), status),
            (_, other) => panic!("{status}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn alternatives_and_classes_declare_each_of_their_statuses() {
    let replies =
        [(200, "1"), (202, "2"), (400, "x"), (409, ""), (499, "<html>"), (503, "\"later\""), (201, "3"), (500, "4")];
    let server = Server::start(replies.map(|(status, body)| Reply::json(status, body))).await;
    let transport = server.transport();
    assert_eq!(transport.start().await.expect("200"), Job::Accepted(1));
    assert_eq!(transport.start().await.expect("202"), Job::Accepted(2));
    for status in [400, 409, 499] {
        assert_eq!(transport.start().await.expect("a class"), Job::Rejected, "{status}");
    }
    assert_eq!(transport.start().await.expect("503"), Job::Broken("later".to_owned()));
    for status in [201, 500] {
        let error = transport.start().await.expect_err("neither listed nor in the class");
        assert_eq!(error.status().expect("a response"), status);
    }
}

#[tokio::test]
async fn a_single_outcome_can_be_a_class() {
    let server = Server::start([200, 204, 299, 302].map(|status| Reply::json(status, ""))).await;
    let transport = server.transport();
    for status in [200, 204, 299] {
        transport.delete(1).await.unwrap_or_else(|error| panic!("{status}: {error}"));
    }
    assert_eq!(transport.delete(1).await.expect_err("not a 2xx").status().expect("a response"), 302);
}

#[tokio::test]
async fn a_problem_is_read_from_an_undeclared_status() {
    let server = Server::start([Reply::json(404, PROBLEM), Reply::json(500, "<html>Bad Gateway</html>")]).await;
    let courier = server.courier();
    let error = courier.cancel("2-unknown").await.expect_err("404 is not declared");
    assert_eq!(error.body_as::<Problem>(), Some(Problem::new("Message not found", "invalid_request_error")));

    let error = courier.cancel(ID).max_attempts(1).await.expect_err("500 is not declared");
    assert_eq!(error.body_as::<Problem>(), None, "an HTML page is not a problem");
    assert!(error.to_string().contains("Bad Gateway"), "the error shows the page: {error}");
}

#[tokio::test]
async fn an_undeclared_status_is_shown_on_one_line_without_terminal_escapes() {
    let body = "\u{1b}[2J\u{1b}]0;title\u{7}line 1\r\nline 2\0\u{8}\u{9b}31m\u{202e}evil\u{2028}";
    let transport = MemoryTransport::new().answer(500, body).answer(500, &b"\x1b[31m\xff\xfe"[..]);
    for _ in 0..2 {
        let error = transport.cancel(ID).await.expect_err("500 is not declared");
        for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
            let obeyed = |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{2028}');
            assert!(!text.contains(obeyed), "{text:?}");
            assert!(text.contains("\\u{1b}["), "escaped, not removed: {text}");
            assert!(text.contains("cancel (POST /messages/<message_id>/cancel): status 500"), "{text}");
            assert!(text.contains("(200 ok, 409 conflict)"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_long_body_is_shortened_and_shown_with_its_length() {
    for character in ["x", "ü", "\u{1f600}"] {
        let body = character.repeat(100_000);
        let length = body.len();
        let transport = MemoryTransport::new().answer(500, body);
        let error = transport.cancel(ID).await.expect_err("500 is not declared");
        let text = error.to_string();
        assert!(text.contains(&format!("body of {length} bytes")), "{text}");
        assert!(text.contains(&character.repeat(200)) && !text.contains(&character.repeat(201)), "{text}");
        assert_eq!(error.body().expect("a response").len(), length, "the error keeps the whole body");
    }
}

/// Every status that can end an exchange, over the wire.
#[tokio::test]
async fn every_undeclared_status_keeps_its_headers_and_body() {
    let server = Server::from_fn(|request| {
        let status = request.header("x-status")[0];
        Reply::with_headers(
            status.parse().expect("a number"),
            &[&format!("x-was: {status}")],
            format!("body of {status}"),
        )
    })
    .await;
    let transport = server.transport();
    for status in (200..600).filter(|status| ![200, 409].contains(status)) {
        let error = transport.cancel(ID).header("x-status", status.to_string()).await.expect_err("not declared");
        let Error::Status { response, .. } = &error else { panic!("{status}: {error:?}") };
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["x-was"], status.to_string());
        // These responses end with the head (RFC 9110, section 6.4.1).
        let body = if [204, 304].contains(&status) { String::new() } else { format!("body of {status}") };
        assert_eq!(response.body(), &body);
        assert!(error.to_string().contains(&format!("status {status}")), "{error}");
    }
}

#[tokio::test]
async fn the_headers_in_an_error_contain_no_terminal_escapes() {
    let evil = "a\u{9b}31m\u{202e}b\u{2028}c\td";
    for name in ["location", "retry-after", "x-request-id"] {
        let headers = [&*format!("{name}: {evil}"), &format!("{name}: {}", "x".repeat(10_000))];
        let server = Server::start([Reply::with_headers(418, &headers, "")]).await;
        let error = server.transport().cancel(ID).await.expect_err("418 is not declared");
        let obeyed = |c: char| c.is_control() || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!error.to_string().contains(obeyed), "{error}");
        assert!(error.to_string().contains(&format!("{name}: a\\u{{9b}}31m\\u{{202e}}b\\u{{2028}}c\\td")), "{error}");
    }
}

/// A 200 means that the message is cancelled, even if the record is lost.
#[tokio::test]
async fn every_unreadable_body_with_200_is_an_error_that_says_200() {
    let head = |headers: &str, rest: &str| Reply::raw(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{rest}"));
    let chunked = "transfer-encoding: chunked\r\n";
    for (what, reply) in [
        ("cut", head("content-length: 9\r\n", "{").and_close()),
        ("reset", head("content-length: 9\r\n", "{").and_reset()),
        ("not a chunk", head(chunked, "{}\r\n")),
        ("cut between chunks", head(chunked, "1\r\n{\r\n").and_close()),
        ("not a trailer", head(chunked, "2\r\n{}\r\n0\r\nx\r\n\r\n")),
        ("two frames", head("content-length: 2\r\ntransfer-encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        ("another coding", head("transfer-encoding: gzip\r\n", "").and_close()),
        ("not gzip", head("content-length: 2\r\ncontent-encoding: gzip\r\n", "{}")),
        ("another encoding", head("content-length: 1\r\ncontent-encoding: br\r\n", "\u{b}")),
        ("announced too large", head("content-length: 999999\r\n", "")),
        ("too large", head("", "").and_forever("          ", Duration::ZERO)),
        ("empty", head("content-length: 0\r\n", "")),
        ("a page", head("content-length: 6\r\n", "<html>")),
        ("not UTF-8", Reply::json(200, b"\xff\xfe{\0}\0")),
        ("another shape", Reply::json(200, "[]")),
        ("no field of the record", Reply::json(200, "{}")),
        ("nested deeply", Reply::json(200, "[".repeat(10_000))),
    ] {
        let server = Server::start([reply]).await;
        let limits = Network::builder(server.url()).bearer_token(KEY).max_body_bytes(50_000);
        let transport = limits.build().expect("a client");
        let error = transport.cancel(ID).await.expect_err(what);
        assert_hidden(&error);
        assert_eq!(error.status().expect(what), 200, "{what}: {error}");
        assert!(error.may_have_arrived(), "{what}");
        assert!(error.to_string().contains("200"), "{what}: {error}");
    }
}
