//! Invalid status lines and headers, and informational responses.

use courier_core::Error;

use super::{assert_read, assert_refused, exchange, record_of, response};
use crate::flow::record::{ID, record};
use crate::flow::server::Reply;
use crate::flow::transport::transport_error;

/// The record with this status line, and these header lines before its length.
fn headed(status_line: &str, headers: &str) -> Reply {
    let record = record("CANCELED");
    Reply::raw(format!("{status_line}\r\n{headers}content-length: {}\r\n\r\n{record}", record.len()))
}

#[tokio::test]
async fn an_invalid_status_line_is_refused() {
    for line in [
        "garbage",
        "{\"id\": \"1\"}",
        "SSH-2.0-OpenSSH_9.6",
        "HTTP/0.9 200 OK",
        "HTTP/1.2 200 OK",
        "HTTP/2.0 200 OK",
        "HTTP/11 200 OK",
        "http/1.1 200 OK",
        "HTTP/1.1 20 OK",
        "HTTP/1.1 2000 OK",
        "HTTP/1.1 000 OK",
        "HTTP/1.1 099 OK",
        "HTTP/1.1 -20 OK",
        "HTTP/1.1 0xC8 OK",
        "HTTP/1.1 abc OK",
        "HTTP/1.1 OK",
        "HTTP/1.1",
        " HTTP/1.1 200 OK",
        "HTTP/1.1\t200 OK",
        "HTTP/1.1 200 O\0K",
        "HTTP/1.1 200 O\rK",
    ] {
        assert_refused(line, headed(line, ""), None).await;
    }
}

/// A response without a head is HTTP/0.9, in which any bytes would be a body.
#[tokio::test]
async fn a_response_without_a_head_is_refused() {
    for bytes in
        [record("CANCELED").into_bytes(), b"<html>".to_vec(), vec![0; 100], vec![0xff; 100], b"\x16\x03\x01".to_vec()]
    {
        assert_refused("no head", Reply::raw(bytes).and_close(), None).await;
    }
}

#[tokio::test]
async fn an_invalid_header_is_refused() {
    for line in [
        "no colon\r\n",
        "x-space : 1\r\n",
        "x space: 1\r\n",
        ": no name\r\n",
        "x-folded: 1\r\n 2\r\n",
        "x-nul: 1\0content-length: 5\r\n",
        "x-nul\0: 1\r\n",
        "x-cr: 1\rcontent-length: 5\r\n",
        "x-n\u{e4}me: 1\r\n",
        "x-bell: \u{7}\r\n",
    ] {
        assert_refused(line, headed("HTTP/1.1 200 OK", line), None).await;
    }
}

/// Each is unambiguous, and hyper accepts it.
#[tokio::test]
async fn a_sloppy_but_unambiguous_head_is_read() {
    for (what, line) in [
        ("no reason phrase", "HTTP/1.1 200"),
        ("an empty reason phrase", "HTTP/1.1 200 "),
        ("bytes", "HTTP/1.1 200 Zo\u{eb}"),
    ] {
        assert_read(what, headed(line, ""), true).await;
    }
    for (what, headers) in [
        ("no space after a colon", "x:1\r\n"),
        ("no value", "x:\r\n"),
        ("bytes outside ASCII", "x: Zo\u{eb}\r\n"),
        ("a lone line feed as line end", "x: 1\n"),
    ] {
        assert_read(what, headed("HTTP/1.1 200 OK", headers), true).await;
    }
    let whole = response(&format!("content-length: {}\r\n", record("CANCELED").len()), record("CANCELED"));
    let feeds = String::from_utf8(whole.clone()).expect("text").replace("\r\n", "\n");
    assert_read("only line feeds", Reply::raw(feeds), true).await;
    let after_lines = [b"\r\n\r\n", &whole[..]].concat();
    assert_read("empty lines before the status line", Reply::raw(after_lines), true).await;
}

#[tokio::test]
async fn informational_responses_are_skipped() {
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\ncontent-length: 5\r\n\r\n";
    for before in [
        "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
        "HTTP/1.1 102 Processing\r\n\r\n".to_owned(),
        hints.to_owned(),
        "HTTP/1.1 199 -\r\n\r\n".to_owned(),
        format!("HTTP/1.1 100 Continue\r\n\r\n{hints}"),
        hints.repeat(1000),
    ] {
        let record = record("CANCELED");
        let reply = format!("{before}HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{record}", record.len());
        assert_read(&before[..30.min(before.len())], Reply::raw(reply), true).await;
    }
    let only = Reply::raw(hints).and_close();
    assert_refused("only informational responses", only, None).await;
}

/// Unrequested: what follows is not HTTP, and not the next call's response.
#[tokio::test]
async fn switching_protocols_is_an_undeclared_status_and_ends_the_connection() {
    let record = record_of("1-evil");
    let after = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{record}", record.len());
    let switch = "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
    for rest in ["", "\u{81}\u{5}hello", &after] {
        let exchange = exchange(Reply::raw(format!("{switch}{rest}"))).await;
        let error = exchange.result.expect_err("101 is not declared");
        assert!(matches!(error, Error::Status { .. }), "{error:?}");
        assert_eq!(error.status().expect("a response"), 101);
        assert_eq!(error.headers().expect("a response")["upgrade"], "websocket");
        assert_eq!(error.body().expect("a response"), "");
        assert!(!exchange.is_kept);
    }
    assert_ne!(ID, "1-evil");
}

#[tokio::test]
async fn a_response_with_many_headers_is_read() {
    for count in [101, 500, 1000] {
        let headers: Vec<String> = (0..count).map(|nth| format!("x-{nth}: {nth}\r\n")).collect();
        let headers = headers.concat();
        assert_read(&format!("{count} headers"), headed("HTTP/1.1 200 OK", &headers), true).await;
        let same = "set-cookie: a=b\r\n".repeat(count);
        assert_read(&format!("{count} of one name"), headed("HTTP/1.1 200 OK", &same), true).await;
    }
    let long = format!("x-long: {}\r\n", "x".repeat(390 * 1024));
    assert_read("one long header", headed("HTTP/1.1 200 OK", &long), true).await;
}

#[tokio::test]
async fn headers_above_the_limit_are_refused_with_the_limit_in_the_error() {
    let many = "x: 1\r\n".repeat(1024);
    let long = format!("x-long: {}\r\n", "x".repeat(1024 * 1024));
    for headers in [many, long] {
        let exchange = exchange(headed("HTTP/1.1 200 OK", &headers)).await;
        assert!(!exchange.is_kept);
        let error = transport_error(exchange.result);
        assert!(error.to_string().contains("its headers are larger than 408 KiB"), "{error}");
    }
}
