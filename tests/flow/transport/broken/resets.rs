//! Connections that close or reset after any number of bytes of a response: an error with what is known, or the whole
//! response.

use std::io::Write as _;

use courier_core::messages::Cancellation;
use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Error, Result};

use super::gzip::gzip;
use super::response;
use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};
use crate::flow::transport::transport_error;
use crate::under_test::Network;

fn chunks(body: &[u8]) -> Vec<u8> {
    let (a, b) = body.split_at(body.len() / 2);
    let mut chunks = Vec::new();
    for chunk in [a, b] {
        write!(chunks, "{:x}\r\n", chunk.len()).expect("in memory");
        chunks.extend([chunk, b"\r\n"].concat());
    }
    chunks.extend(b"0\r\n\r\n");
    chunks
}

/// The same response in every framing that marks its end.
fn framed() -> [(&'static str, Vec<u8>); 5] {
    let record = record("CANCELED");
    let compressed = gzip(&record);
    let sized = |body: &[u8], more: &str| response(&format!("content-length: {}\r\n{more}", body.len()), body);
    [
        ("sized", sized(record.as_bytes(), "")),
        ("chunked", response("transfer-encoding: chunked\r\n", chunks(record.as_bytes()))),
        ("sized gzip", sized(&compressed, "content-encoding: gzip\r\n")),
        ("chunked gzip", response("transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n", chunks(&compressed))),
        ("after a hint", [&b"HTTP/1.1 103 -\r\n\r\n"[..], &sized(record.as_bytes(), "")].concat()),
    ]
}

/// The end of the final response's head.
fn head(bytes: &[u8]) -> usize {
    const END: &[u8] = b"\r\n\r\n";
    let hint = if bytes.starts_with(b"HTTP/1.1 103") { 18 } else { 0 };
    hint + bytes[hint..].windows(4).position(|window| window == END).expect("a head") + 4
}

async fn after(bytes: &[u8], end: fn(Reply) -> Reply) -> Result<Cancellation> {
    let server = Server::start([end(Reply::raw(bytes))]).await;
    server.transport().cancel(ID).await
}

fn assert_honest(what: &str, bytes: &[u8], length: usize, result: Result<Cancellation>) {
    if length == bytes.len() {
        let outcome = result.unwrap_or_else(|error| panic!("{what}, whole: {error}"));
        assert!(matches!(outcome, Cancellation::Ok(message) if message.id == ID), "{what}");
        return;
    }
    let error = transport_error(result);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{what}, {length} bytes: {error}");
    assert!(error.may_have_arrived());
    let expected = (length >= head(bytes)).then_some(200);
    assert_eq!(error.status().map(|status| status.as_u16()), expected, "{what}, {length} bytes: {error}");
}

#[tokio::test]
async fn a_response_closed_after_any_number_of_bytes_is_whole_or_an_error() {
    for (what, bytes) in framed() {
        for length in 0..=bytes.len() {
            assert_honest(what, &bytes, length, after(&bytes[..length], Reply::and_close).await);
        }
    }
}

#[tokio::test]
async fn a_response_reset_after_any_number_of_bytes_is_whole_or_an_error() {
    for (what, bytes) in framed() {
        for length in 0..=bytes.len() {
            assert_honest(what, &bytes, length, after(&bytes[..length], Reply::and_reset).await);
        }
    }
}

/// Only the end of the connection ends the body, so only the JSON shows that it is incomplete.
#[tokio::test]
async fn an_unframed_record_cut_anywhere_is_an_error_with_the_status() {
    let bytes = response("", record("CANCELED"));
    for length in head(&bytes)..bytes.len() {
        let error = after(&bytes[..length], Reply::and_close).await.expect_err("half a record");
        assert!(matches!(error, Error::Decode { .. }), "{length} bytes: {error:?}");
        assert_eq!(error.status().expect("the head was read"), 200);
    }
}

/// The previous call kept the connection, and its response must not be lost with it.
#[tokio::test]
async fn a_kept_connection_reset_during_a_response_does_not_affect_other_calls() {
    let (_, bytes) = framed().into_iter().next().expect("five");
    for length in (0..bytes.len()).step_by(7) {
        let ok = || Reply::json(200, record("CANCELED"));
        let server = Server::start([ok(), Reply::raw(&bytes[..length]).and_reset(), ok()]).await;
        let transport: Network = server.transport();
        let _cancelled = transport.cancel(ID).await.expect("before");
        assert_honest("kept", &bytes, length, transport.cancel(ID).await);
        let _cancelled = transport.cancel(ID).await.expect("after");
    }
}
