//! Where a body ends: lengths, chunks, and both at once.

use courier_core::Error;
use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;

use super::{assert_read, assert_refused, exchange, record_of, response};
use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};
use crate::flow::transport::transport_error;

/// The record as one chunk, with the size in this format.
fn chunk(size: impl FnOnce(usize) -> String) -> Vec<u8> {
    let record = record("CANCELED");
    let chunks = format!("{}\r\n{record}\r\n0\r\n\r\n", size(record.len()));
    response("transfer-encoding: chunked\r\n", chunks)
}

/// The record, with its length in place of `N` in these header lines.
fn with_length(headers: &str) -> Vec<u8> {
    let record = record("CANCELED");
    response(&headers.replace('N', &record.len().to_string()), record)
}

#[tokio::test]
async fn every_chunk_syntax_in_the_rfc_is_read() {
    for (what, bytes) in [
        ("a size", chunk(|n| format!("{n:x}"))),
        ("in upper case", chunk(|n| format!("{n:X}"))),
        ("with leading zeros", chunk(|n| format!("{n:08x}"))),
        ("with an extension", chunk(|n| format!("{n:x};ext"))),
        ("with a valued extension", chunk(|n| format!("{n:x};a=b;c=\"d\""))),
        ("with trailing spaces, which are unambiguous", chunk(|n| format!("{n:x}  "))),
    ] {
        assert_read(what, Reply::raw(bytes), true).await;
    }
    let record = record("CANCELED");
    let bytewise = record.chars().map(|c| format!("1\r\n{c}\r\n")).collect::<Vec<_>>().concat();
    for (what, rest) in [
        ("byte by byte", bytewise.clone() + "0\r\n\r\n"),
        ("with a trailer", bytewise.clone() + "0\r\nx-checksum: 1\r\n\r\n"),
        ("with a last chunk of several zeros", bytewise + "000\r\n\r\n"),
    ] {
        assert_read(what, Reply::raw(response("transfer-encoding: Chunked\r\n", rest)), true).await;
    }
}

#[tokio::test]
async fn a_chunk_with_an_invalid_size_is_refused_with_the_status() {
    for size in ["0x5", "-1", "+5", "", "g", " 5", "5 5", "5,5", "5\0", "\u{661}", "FFFFFFFFFFFFFFFFF", "5\n"] {
        assert_refused(size, Reply::raw(chunk(|_| size.to_owned())), Some(200)).await;
    }
}

#[tokio::test]
async fn a_chunk_of_the_wrong_size_is_refused_with_the_status() {
    for (what, bytes) in [
        ("longer", chunk(|n| format!("{:x}", n - 1))),
        ("shorter", chunk(|n| format!("{:x}", n + 1))),
        ("no line end after it", response("transfer-encoding: chunked\r\n", "2\r\n{}0\r\n\r\n")),
        ("an invalid trailer", response("transfer-encoding: chunked\r\n", "2\r\n{}\r\n0\r\nno colon\r\n\r\n")),
    ] {
        assert_refused(what, Reply::raw(bytes).and_close(), Some(200)).await;
    }
}

/// The largest possible size must not be reserved.
#[tokio::test]
async fn a_chunk_that_announces_eighteen_quintillion_bytes_reserves_nothing() {
    let bytes = response("transfer-encoding: chunked\r\n", "FFFFFFFFFFFFFFFF\r\n{");
    assert_refused("the largest chunk", Reply::raw(bytes).and_close(), Some(200)).await;
}

#[tokio::test]
async fn a_repeated_identical_length_is_accepted() {
    for headers in [
        "content-length: N\r\n",
        "content-length: N\r\ncontent-length: N\r\n",
        "content-length: N, N\r\n",
        "Content-Length:N\r\n",
        "content-length: \t00N \r\n",
    ] {
        assert_read(headers, Reply::raw(with_length(headers)), true).await;
    }
}

#[tokio::test]
async fn an_invalid_or_contradictory_length_is_refused() {
    for value in ["+N", "-1", "N N", "0xN", "N;", "", "N,", "N.0", "184467440737095516160", "N, 1"] {
        let headers = format!("content-length: {value}\r\n");
        assert_refused(&headers, Reply::raw(with_length(&headers)), None).await;
    }
    for headers in ["content-length: N\r\ncontent-length: 1\r\n", "content-length: 1\r\nContent-Length: N\r\n"] {
        assert_refused(headers, Reply::raw(with_length(headers)), None).await;
    }
}

#[tokio::test]
async fn a_truncated_body_is_refused_with_the_status() {
    let record = record("CANCELED");
    for (what, bytes) in [
        ("one byte short", response(&format!("content-length: {}\r\n", record.len() + 1), &record)),
        ("no body at all", response("content-length: 5\r\n", "")),
        ("no last chunk", response("transfer-encoding: chunked\r\n", format!("{:x}\r\n{record}\r\n", record.len()))),
        (
            "half a last chunk",
            response("transfer-encoding: chunked\r\n", format!("{:x}\r\n{record}\r\n0\r\n", record.len())),
        ),
    ] {
        assert_refused(what, Reply::raw(bytes).and_close(), Some(200)).await;
    }
}

/// A length of 20 digits: the body is too large before any of it arrives.
#[tokio::test]
async fn the_largest_length_is_too_large_immediately() {
    let exchange = exchange(Reply::raw(response("content-length: 18446744073709551613\r\n", ""))).await;
    let error = transport_error(exchange.result);
    assert!(matches!(error.kind(), TransportErrorKind::TooLarge { .. }), "{error}");
    assert_eq!(error.status().expect("the head was read"), 200);
    assert!(!exchange.is_kept);
}

/// The record in one chunk, and the last chunk.
fn chunks() -> String {
    let record = record("CANCELED");
    format!("{:x}\r\n{record}\r\n0\r\n\r\n", record.len())
}

/// The two framings end the response in different places; what is between could pass for the next call's response.
#[tokio::test]
async fn a_response_framed_in_two_ways_is_refused_with_the_status() {
    for length in [0, 3, chunks().len(), 8_388_609] {
        for headers in [
            format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"),
            format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n"),
        ] {
            assert_refused(&headers, Reply::raw(response(&headers, chunks())), Some(200)).await;
        }
    }
    // By its length this is one response; by its chunks a second one follows.
    let evil = record_of("1-evil");
    let rest = chunks() + &format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{evil}", evil.len());
    let headers = format!("content-length: {}\r\ntransfer-encoding: chunked\r\n", rest.len());
    assert_refused("smuggled", Reply::raw(response(&headers, rest)), Some(200)).await;
}

/// The request accepts none of them. Read until the connection closes, as the RFC says, the body would still be encoded.
#[tokio::test]
async fn a_transfer_coding_other_than_chunked_is_refused_with_the_status() {
    for coding in [
        "identity",
        "gzip",
        "gzip, chunked",
        "identity, chunked",
        "chunked, identity",
        "xchunked",
        "chunked, chunked",
        "",
    ] {
        let headers = format!("transfer-encoding: {coding}\r\n");
        assert_refused(&headers, Reply::raw(response(&headers, chunks())), Some(200)).await;
    }
    let headers = "transfer-encoding: gzip\r\ntransfer-encoding: chunked\r\n";
    assert_refused(headers, Reply::raw(response(headers, chunks())), Some(200)).await;
}

/// Servers send them with a 204, which ends with its head.
#[tokio::test]
async fn framing_headers_on_a_response_without_a_body_are_ignored() {
    let reply = Reply::raw("HTTP/1.1 204 -\r\ncontent-length: 0\r\ntransfer-encoding: chunked\r\n\r\n");
    let exchange = exchange(reply).await;
    let error = exchange.result.expect_err("204 is not declared");
    assert!(matches!(error, Error::Status { .. }), "{error:?}");
    assert!(exchange.is_kept);
}

#[tokio::test]
async fn an_unframed_body_ends_with_the_connection() {
    let record = record("CANCELED");
    assert_read("1.1", Reply::raw(response("", &record)).and_close(), false).await;
    let old = format!("HTTP/1.0 200 OK\r\n\r\n{record}");
    assert_read("1.0", Reply::raw(old).and_close(), false).await;

    // Only the JSON shows that such a body was truncated.
    let server = Server::start([Reply::raw(response("", &record[..record.len() - 1])).and_close()]).await;
    let error = server.transport().cancel(ID).await.expect_err("half a record");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("the head was read"), 200);
}

#[tokio::test]
async fn http_1_0_keeps_a_connection_only_if_asked_and_has_no_chunks() {
    let record = record("CANCELED");
    let old = |headers: &str| format!("HTTP/1.0 200 OK\r\ncontent-length: {}\r\n{headers}\r\n{record}", record.len());
    assert_read("1.0", Reply::raw(old("")), false).await;
    assert_read("1.0, kept", Reply::raw(old("connection: keep-alive\r\n")), true).await;
    let chunked =
        format!("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{record}\r\n0\r\n\r\n", record.len());
    assert_refused("1.0, chunked", Reply::raw(chunked), None).await;
}

/// RFC 9110, section 6.4.1: such a response ends with its head, regardless of its headers.
#[tokio::test]
async fn bytes_after_a_response_without_a_body_close_the_connection() {
    for status in [204, 304] {
        let reply = Reply::raw(format!("HTTP/1.1 {status} -\r\ncontent-length: 5\r\n\r\nhello"));
        let exchange = exchange(reply).await;
        let error = exchange.result.expect_err("not declared");
        assert_eq!(error.status().expect("a response"), status);
        assert_eq!(error.body().expect("a response"), "");
        assert!(!exchange.is_kept, "the bytes are not the next call's response");
    }
}
