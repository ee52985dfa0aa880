//! Compressed bodies that are not what their headers say.

use std::io::Write as _;

use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Error, Raw, Result, Transport, endpoint};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{assert_read, exchange, response};
use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};
use crate::flow::transport::transport_error;

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 2xx | 404)]
    async fn file(&self) -> Result<Raw>;
}
impl<T: Transport> Files for T {}

pub(in crate::flow::transport) fn gzip(body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body.as_ref()).expect("in memory");
    encoder.finish().expect("in memory")
}

/// A body with these header lines and its length.
fn encoded(headers: &str, body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    Reply::raw(response(&format!("{headers}content-length: {}\r\n", body.len()), body))
}

const GZIP: &str = "content-encoding: gzip\r\n";

#[tokio::test]
async fn a_body_that_is_not_gzip_as_labelled_is_refused_with_the_status() {
    let compressed = gzip(record("CANCELED"));
    let broken = |at: usize| {
        let mut compressed = compressed.clone();
        compressed[at] ^= 0x55;
        compressed
    };
    for (what, body) in [
        ("plain bytes", record("CANCELED").into_bytes()),
        ("half of it", compressed[..compressed.len() / 2].to_vec()),
        ("its checksum is missing", compressed[..compressed.len() - 8].to_vec()),
        ("its length is missing", compressed[..compressed.len() - 4].to_vec()),
        ("only the head", compressed[..10].to_vec()),
        ("another checksum", broken(compressed.len() - 8)),
        ("another length", broken(compressed.len() - 4)),
        ("another method", broken(2)),
        ("something else after it", [&compressed[..], b"garbage"].concat()),
        ("half a member after it", [&compressed[..], &compressed[..20]].concat()),
        ("something else after zeros", [&compressed[..], &[0; 5], b"x"].concat()),
        ("a member after zeros", [&compressed[..], &[0], &compressed[..]].concat()),
    ] {
        // The framing was complete, so the connection is kept.
        let error = transport_error(exchange(encoded(GZIP, body)).await.result);
        let text = error.to_string();
        let says = |reason: &str| text.contains(reason);
        assert!(says("doesn't match its `content-encoding`: ") && !says("not valid HTTP"), "{what}: {text}");
        assert!(says(damage(what)), "{what}: {text}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "{what}");
        assert!(error.may_have_arrived(), "{what}");
    }
}

fn damage(what: &str) -> &'static str {
    match what {
        "plain bytes" | "another method" => "it doesn't begin with a gzip header",
        "another checksum" | "another length" => "its checksum or its length is wrong",
        "half of it"
        | "its checksum is missing"
        | "its length is missing"
        | "only the head"
        | "half a member after it" => "it ends too early",
        "something else after it" | "something else after zeros" | "a member after zeros" => {
            "it is followed by bytes that aren't gzip"
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn damaged_compressed_data_is_reported() {
    let mut compressed = gzip(record("CANCELED").repeat(10));
    compressed[15..25].fill(0xff);
    let error = transport_error(exchange(encoded(GZIP, compressed)).await.result);
    assert!(error.to_string().contains("its compressed data is damaged"), "{error}");
}

/// gzip(1) ignores them too: tape drives and block devices pad with zeros.
#[tokio::test]
async fn zeros_after_the_last_member_are_ignored() {
    let compressed = gzip(record("CANCELED"));
    for zeros in [1, 7, 512, 100_000] {
        let padded = [&compressed[..], &vec![0; zeros]].concat();
        assert_read(&format!("{zeros} zeros"), encoded(GZIP, padded), true).await;
    }
    let chunks = compressed.iter().chain(&[0; 20]).map(|byte| [b"1\r\n", &[*byte][..], b"\r\n"].concat());
    let chunks = [chunks.collect::<Vec<_>>().concat(), b"0\r\n\r\n".to_vec()].concat();
    let headers = "transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n";
    assert_read("byte by byte", Reply::raw(response(headers, chunks)), true).await;
}

#[tokio::test]
async fn the_name_gzip_is_case_insensitive() {
    let compressed = gzip(record("CANCELED"));
    for name in ["gzip", "GZIP", "x-gzip"] {
        assert_read(name, encoded(&format!("content-encoding: {name}\r\n"), &compressed), true).await;
    }
    assert_read("identity", encoded("content-encoding: identity\r\n", record("CANCELED")), true).await;
}

/// RFC 1952, section 2.2: a gzip file is a series of members.
#[tokio::test]
async fn a_body_of_several_members_is_read_whole() {
    let record = record("CANCELED");
    let (a, b) = record.split_at(40);
    let members = [gzip(a), gzip(""), gzip(b)].concat();
    assert_read("three members", encoded(GZIP, &members), true).await;
    let chunks = members.chunks(7).map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    let chunks = [chunks.collect::<Vec<_>>().concat(), b"0\r\n\r\n".to_vec()].concat();
    let headers = "transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n";
    assert_read("in chunks", Reply::raw(response(headers, chunks)), true).await;
}

/// The headers describe the decompressed body.
#[tokio::test]
async fn a_decompressed_response_has_no_content_encoding_or_length() {
    let compressed = gzip("plain");
    let reply = |encoding: &str| encoded(&format!("content-encoding: {encoding}\r\nx-other: 1\r\n"), &compressed);
    let server = Server::start([reply("gzip"), reply("br")]).await;
    let transport = server.transport();
    let decompressed = transport.file().with_response().await.expect("a response");
    assert_eq!(decompressed.outcome.0, "plain");
    assert_eq!(decompressed.headers.keys().collect::<Vec<_>>(), ["x-other"]);
    let unchanged = transport.file().with_response().await.expect("a response");
    assert_eq!(unchanged.outcome.0, compressed);
    assert_eq!(unchanged.headers["content-encoding"], "br", "a caller that reads bytes can decompress them");
}

#[tokio::test]
async fn an_empty_body_is_empty_in_every_encoding() {
    let server = Server::start([encoded(GZIP, ""), encoded("", ""), encoded(GZIP, gzip(""))]).await;
    for _ in 0..3 {
        assert_eq!(server.transport().file().await.expect("a response").0, "");
    }
}

/// Nothing was decompressed.
#[tokio::test]
async fn an_empty_body_keeps_its_headers() {
    let chunked = "transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n";
    let server = Server::start([encoded(GZIP, ""), Reply::raw(response(chunked, "0\r\n\r\n"))]).await;
    for length in [Some("0"), None] {
        let response = server.transport().file().with_response().await.expect("a response");
        assert_eq!(response.headers["content-encoding"], "gzip");
        assert_eq!(response.headers.get("content-length").map(|value| value.to_str().expect("text")), length);
    }
}

/// The request accepts only gzip, and the error says what came.
#[tokio::test]
async fn an_unrequested_encoding_is_named_in_the_error() {
    for encoding in ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br"] {
        let compressed = gzip(gzip(record("CANCELED")));
        let server = Server::start([encoded(&format!("content-encoding: {encoding}\r\n"), compressed)]).await;
        let error = server.transport().cancel(ID).await.expect_err("unreadable");
        assert_eq!(error.status().expect("the head was read"), 200, "{error}");
        assert!(error.to_string().contains(encoding), "{error}");
    }
}

/// The decompressed body is compressed again; it is decompressed only once.
#[tokio::test]
async fn a_body_compressed_twice_is_decompressed_once() {
    let twice = gzip(gzip(record("CANCELED")));
    let server = Server::start([encoded(GZIP, &twice)]).await;
    assert_eq!(server.transport().file().await.expect("a response").0, gzip(record("CANCELED")));
    let server = Server::start([encoded(GZIP, &twice)]).await;
    let error = server.transport().cancel(ID).await.expect_err("gzip is not JSON");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("the head was read"), 200);
}

/// The transfer is small; the limit counts the decompressed bytes, on every status, over all members.
#[tokio::test]
async fn a_bomb_is_too_large_on_every_status() {
    let bomb = gzip(vec![b' '; 1_000_000]);
    let members = gzip(vec![b' '; 1000]).repeat(100);
    for body in [bomb, members] {
        for status in [200, 302, 404, 409, 500, 599] {
            let server = Server::start([Reply::with_headers(status, &["content-encoding: gzip"], &body)]).await;
            let error = transport_error(server.transport().file().max_body_bytes(50_000).await);
            assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 50_000 }, "{status}: {error}");
            assert_eq!(error.status().expect("the head was read"), status);
        }
    }
}
