//! `max_body_bytes` counts bytes after decompression, for every status.

use courier_core::messages::Messages as _;
use courier_core::transport::TransportErrorKind;
use courier_core::{Error, MemoryTransport, Result, Transport, endpoint};

use super::broken::gzip::gzip;
use super::transport_error;
use crate::flow::record::ID;
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

trait Texts: Transport {
    #[endpoint(GET, "/", ok = 200)]
    async fn text(&self) -> Result<String>;
}

impl<T: Transport> Texts for T {}

/// A JSON string of this many bytes, quotes included.
fn text(length: usize) -> String {
    format!("\"{}\"", "x".repeat(length - 2))
}

fn gzipped(status: u16, body: &str) -> Reply {
    Reply::with_headers(status, &["content-encoding: gzip", "content-type: application/json"], gzip(body))
}

fn chunked(status: u16, chunks: &[&str]) -> Reply {
    let head = format!("HTTP/1.1 {status} Scripted\r\ntransfer-encoding: chunked\r\n\r\n");
    let chunks = chunks.iter().map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    Reply::raw(head + &chunks.collect::<String>() + "0\r\n\r\n")
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_too_large() {
    for reply in [
        |length| Reply::json(200, text(length)),
        |length| gzipped(200, &text(length)),
        |length| chunked(200, &["\"", &"x".repeat(length - 2), "\""]),
    ] {
        let server = Server::start([reply(1000), reply(1001)]).await;
        let courier = server.builder().max_body_bytes(1000).build().expect("a client");
        assert_eq!(courier.text().await.expect("within the limit").len(), 998);

        let error = transport_error(courier.text().await);
        assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 1000 });
        assert_eq!(error.status().expect("the head was read"), 200);
        assert!(error.may_have_arrived());
    }
}

/// Declared or not, at most this much of the body is read.
#[tokio::test]
async fn the_limit_applies_to_every_status() {
    trait Any: Transport {
        #[endpoint(GET, "/", ok = 200 | 404 | 5xx)]
        async fn any(&self) -> Result<()>;
    }
    impl<T: Transport> Any for T {}

    for status in [200, 201, 206, 299, 301, 302, 399, 400, 404, 409, 429, 499, 500, 503, 599] {
        let text = text(1001);
        let unframed = Reply::raw(format!("HTTP/1.1 {status} -\r\n\r\n{text}"));
        let pieces = vec![&text[..100]; 11];
        let mut replies = vec![Reply::json(status, &text), chunked(status, &pieces), unframed.and_close()];
        // A partial body is not decompressed.
        replies.extend((status != 206).then(|| gzipped(status, &text)));
        for reply in replies {
            let server = Server::start([reply]).await;
            let limits = Network::builder(server.url()).max_body_bytes(1000);
            let error = transport_error(limits.build().expect("a client").any().await);
            assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 1000 }, "{status}");
            assert_eq!(error.status().expect("the head was read"), status);
        }
    }
}

/// Headers can announce a body that the response can't have (RFC 9110, sections 6.4.1 and 9.3.2).
#[tokio::test]
async fn a_response_without_a_body_is_never_too_large() {
    trait Heads: Transport {
        #[endpoint(HEAD, "/", ok = 2xx | 304)]
        async fn head(&self) -> Result<()>;
        #[endpoint(GET, "/", ok = 2xx | 304)]
        async fn same(&self) -> Result<()>;
    }
    impl<T: Transport> Heads for T {}

    let announced = |status| Reply::raw(format!("HTTP/1.1 {status} -\r\ncontent-length: 999999999999\r\n\r\n"));
    let server = Server::start([announced(204), announced(304), announced(200)]).await;
    let transport = server.transport();
    transport.same().await.expect("204");
    transport.same().await.expect("304");
    transport.head().await.expect("a response to HEAD");
}

#[tokio::test]
async fn a_limit_of_zero_allows_an_empty_body_and_the_maximum_allows_any() {
    let server = Server::start([Reply::json(404, ""), Reply::json(404, "x"), Reply::json(200, text(1000))]).await;
    let transport = server.transport();
    let error = transport.text().max_body_bytes(0).await.expect_err("404 is not declared");
    assert!(matches!(error, Error::Status { .. }), "{error:?}");
    let error = transport_error(transport.text().max_body_bytes(0).await);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 0 });
    assert_eq!(transport.text().max_body_bytes(u64::MAX).await.expect("the maximum limit").len(), 998);
}

#[tokio::test]
async fn a_calls_limit_can_raise_or_lower_the_clients() {
    let server = Server::from_fn(|_| Reply::json(200, text(1000))).await;
    let courier = server.builder().max_body_bytes(500).build().expect("a client");
    courier.text().max_body_bytes(1000).await.expect("more than the client's");
    let kind = transport_error(courier.text().await).kind();
    assert_eq!(kind, TransportErrorKind::TooLarge { limit: 500 }, "that limit was for one call");

    let courier = server.courier();
    let kind = transport_error(courier.text().max_body_bytes(999).await).kind();
    assert_eq!(kind, TransportErrorKind::TooLarge { limit: 999 }, "less than the client's");
}

/// No byte of the body arrives: without a limit the call would wait.
#[tokio::test]
async fn the_default_limit_refuses_a_body_that_announces_more_than_eight_mebibytes() {
    let server = Server::start([Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 8388609\r\n\r\n")]).await;
    let error = transport_error(server.courier().cancel(ID).await);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 8_388_608 });
}

/// A unit test gets the same error as over the network.
#[tokio::test]
async fn a_calls_limit_applies_to_the_memory_transport() {
    let transport = MemoryTransport::new().answer(200, text(1000)).answer(200, text(1000));
    transport.text().max_body_bytes(1000).await.expect("within the limit");
    let kind = transport_error(transport.text().max_body_bytes(999).await).kind();
    assert_eq!(kind, TransportErrorKind::TooLarge { limit: 999 });
}
