//! Compressed bodies that are not what they say.

use std::io::Write as _;

use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Error, Raw, Result, Transport, endpoint};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{answer, assert_read, tried};
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

/// With these header lines and its length.
fn encoded(headers: &str, body: impl AsRef<[u8]>) -> Reply {
    let body = body.as_ref();
    Reply::raw(answer(&format!("{headers}content-length: {}\r\n", body.len()), body))
}

const GZIP: &str = "content-encoding: gzip\r\n";

#[tokio::test]
async fn what_is_said_to_be_gzip_and_is_not_is_refused_with_the_status() {
    let packed = gzip(record("CANCELED"));
    let broken = |at: usize| {
        let mut packed = packed.clone();
        packed[at] ^= 0x55;
        packed
    };
    for (what, body) in [
        ("plain bytes", record("CANCELED").into_bytes()),
        ("half of it", packed[..packed.len() / 2].to_vec()),
        ("its check sum is missing", packed[..packed.len() - 8].to_vec()),
        ("its length is missing", packed[..packed.len() - 4].to_vec()),
        ("the head alone", packed[..10].to_vec()),
        ("another check sum", broken(packed.len() - 8)),
        ("another length", broken(packed.len() - 4)),
        ("another method", broken(2)),
        ("something else behind it", [&packed[..], b"garbage"].concat()),
        ("half a member behind it", [&packed[..], &packed[..20]].concat()),
        ("something else behind zeros", [&packed[..], &[0; 5], b"x"].concat()),
        ("a member behind zeros", [&packed[..], &[0], &packed[..]].concat()),
    ] {
        // The frame was whole: the connection is none the worse for it.
        let error = transport_error(tried(encoded(GZIP, body)).await.result);
        let text = error.to_string();
        let says = |reason: &str| text.contains(reason);
        assert!(says("sent is not what its `content-encoding` says: ") && !says("not HTTP"), "{what}: {text}");
        assert!(says(damage(what)), "{what}: {text}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "{what}");
        assert!(error.may_have_arrived(), "{what}");
    }
}

fn damage(what: &str) -> &'static str {
    match what {
        "plain bytes" | "another method" => "it doesn't begin with a gzip header",
        "another check sum" | "another length" => "its checksum or its length is wrong",
        "half of it"
        | "its check sum is missing"
        | "its length is missing"
        | "the head alone"
        | "half a member behind it" => "it ends too early",
        "something else behind it" | "something else behind zeros" | "a member behind zeros" => {
            "it is followed by bytes that aren't gzip"
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn compressed_data_that_is_damaged_says_so() {
    let mut packed = gzip(record("CANCELED").repeat(10));
    packed[15..25].fill(0xff);
    let error = transport_error(tried(encoded(GZIP, packed)).await.result);
    assert!(error.to_string().contains("its compressed data is damaged"), "{error}");
}

/// As gzip(1) does: tape drives and block devices pad with them.
#[tokio::test]
async fn zeros_behind_the_last_member_are_ignored() {
    let packed = gzip(record("CANCELED"));
    for zeros in [1, 7, 512, 100_000] {
        let padded = [&packed[..], &vec![0; zeros]].concat();
        assert_read(&format!("{zeros} zeros"), encoded(GZIP, padded), true).await;
    }
    let chunks = packed.iter().chain(&[0; 20]).map(|byte| [b"1\r\n", &[*byte][..], b"\r\n"].concat());
    let chunks = [chunks.collect::<Vec<_>>().concat(), b"0\r\n\r\n".to_vec()].concat();
    let headers = "transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n";
    assert_read("byte by byte", Reply::raw(answer(headers, chunks)), true).await;
}

#[tokio::test]
async fn a_name_of_gzip_is_known_in_any_case() {
    let packed = gzip(record("CANCELED"));
    for name in ["gzip", "GZIP", "x-gzip"] {
        assert_read(name, encoded(&format!("content-encoding: {name}\r\n"), &packed), true).await;
    }
    assert_read("identity", encoded("content-encoding: identity\r\n", record("CANCELED")), true).await;
}

/// RFC 1952, 2.2: a gzip file is a series of members, one after the other.
#[tokio::test]
async fn a_body_of_several_members_is_read_whole() {
    let record = record("CANCELED");
    let (a, b) = record.split_at(40);
    let members = [gzip(a), gzip(""), gzip(b)].concat();
    assert_read("three members", encoded(GZIP, &members), true).await;
    let chunks = members.chunks(7).map(|chunk| [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
    let chunks = [chunks.collect::<Vec<_>>().concat(), b"0\r\n\r\n".to_vec()].concat();
    let headers = "transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n";
    assert_read("in chunks", Reply::raw(answer(headers, chunks)), true).await;
}

/// They say what the body is: not what it was on its way.
#[tokio::test]
async fn the_headers_of_what_was_unpacked_say_nothing_of_its_packing() {
    let packed = gzip("unpacked");
    let reply = |encoding: &str| encoded(&format!("content-encoding: {encoding}\r\nx-other: 1\r\n"), &packed);
    let server = Server::start([reply("gzip"), reply("br")]).await;
    let transport = server.transport();
    let unpacked = transport.file().with_response().await.expect("an answer");
    assert_eq!(unpacked.outcome.0, "unpacked");
    assert_eq!(unpacked.headers.keys().collect::<Vec<_>>(), ["x-other"]);
    let as_it_came = transport.file().with_response().await.expect("an answer");
    assert_eq!(as_it_came.outcome.0, packed);
    assert_eq!(as_it_came.headers["content-encoding"], "br", "who reads bytes can unpack them");
}

#[tokio::test]
async fn an_empty_body_is_empty_whatever_its_encoding() {
    let server = Server::start([encoded(GZIP, ""), encoded("", ""), encoded(GZIP, gzip(""))]).await;
    for _ in 0..3 {
        assert_eq!(server.transport().file().await.expect("an answer").0, "");
    }
}

/// Nothing was unpacked.
#[tokio::test]
async fn an_empty_body_keeps_the_headers_that_came_with_it() {
    let chunked = "transfer-encoding: chunked\r\ncontent-encoding: gzip\r\n";
    let server = Server::start([encoded(GZIP, ""), Reply::raw(answer(chunked, "0\r\n\r\n"))]).await;
    for length in [Some("0"), None] {
        let response = server.transport().file().with_response().await.expect("a response");
        assert_eq!(response.headers["content-encoding"], "gzip");
        assert_eq!(response.headers.get("content-length").map(|value| value.to_str().expect("text")), length);
    }
}

/// The caller has asked for gzip alone, and is told what came.
#[tokio::test]
async fn an_encoding_that_nobody_asked_for_is_named_in_the_error() {
    for encoding in ["br", "zstd", "deflate", "compress", "gzip, gzip", "gzip, br"] {
        let packed = gzip(gzip(record("CANCELED")));
        let server = Server::start([encoded(&format!("content-encoding: {encoding}\r\n"), packed)]).await;
        let error = server.transport().cancel(ID).await.expect_err("unreadable");
        assert_eq!(error.status().expect("the head was read"), 200, "{error}");
        assert!(error.to_string().contains(encoding), "{error}");
    }
}

/// Each time it is unpacked there is something packed in it: it is unpacked once.
#[tokio::test]
async fn what_is_packed_twice_is_unpacked_once() {
    let twice = gzip(gzip(record("CANCELED")));
    let server = Server::start([encoded(GZIP, &twice)]).await;
    assert_eq!(server.transport().file().await.expect("an answer").0, gzip(record("CANCELED")));
    let server = Server::start([encoded(GZIP, &twice)]).await;
    let error = server.transport().cancel(ID).await.expect_err("gzip is no JSON");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert_eq!(error.status().expect("the head was read"), 200);
}

/// What travels is small; the limit counts what it becomes, on every status, and members add up.
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
