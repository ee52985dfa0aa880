//! The transport decompresses exactly what it asked for itself.

use courier_core::{Raw, Result, Transport, WithResponse, endpoint};

use super::broken::gzip::gzip;
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 2xx | 416)]
    async fn get(&self) -> Result<Raw>;
    #[endpoint(HEAD, "/file", ok = 2xx)]
    async fn head(&self) -> Result<()>;
    #[endpoint(GET, "/file", ok = 2xx)]
    async fn part(&self, #[header("Range")] range: Option<&str>) -> Result<Raw>;
    #[endpoint(GET, "/file", ok = 2xx, header("range" = "bytes=0-9"))]
    async fn beginning(&self) -> Result<Raw>;
    #[endpoint(GET, "/file", ok = 2xx)]
    async fn encoded(&self, #[header("Accept-Encoding")] encoding: &str) -> Result<Raw>;
    #[endpoint(GET, "/file", ok = 2xx, header("accept-encoding" = "br, gzip"))]
    async fn fixed_encoding(&self) -> Result<Raw>;
}
impl<T: Transport> Files for T {}

fn compressed(status: u16) -> Reply {
    Reply::with_headers(status, &["content-encoding: gzip", "etag: \"v1\""], gzip("plain"))
}

/// The `accept-encoding` values of each request so far. The server returns a compressed body to all of them.
struct EncodingServer(Server);

impl EncodingServer {
    async fn start(status: u16) -> Self {
        Self(
            Server::from_fn(move |request| {
                if request.request_line().starts_with("HEAD") {
                    Reply::with_headers(status, &[], "")
                } else {
                    compressed(status)
                }
            })
            .await,
        )
    }

    fn transport(&self) -> Network {
        self.0.transport()
    }

    fn with_header(&self, name: &str, value: &str) -> Network {
        Network::builder(self.0.url()).header(name, value).build().expect("a client")
    }

    fn accepted_encodings(&mut self) -> Vec<Vec<String>> {
        let of = |request: &crate::flow::server::Received| {
            request.header("accept-encoding").into_iter().map(str::to_owned).collect()
        };
        self.0.received().iter().map(of).collect()
    }
}

fn assert_unchanged(response: &WithResponse<Raw>) {
    let body = gzip("plain");
    assert_eq!(response.headers["content-encoding"], "gzip");
    assert_eq!(response.headers["content-length"], body.len().to_string());
    assert_eq!(response.outcome.0, body);
}

#[tokio::test]
async fn gzip_is_requested_and_decompressed() {
    let mut server = EncodingServer::start(200).await;
    let response = server.transport().get().with_response().await.expect("a response");
    assert_eq!(response.outcome.0, "plain");
    assert_eq!(response.headers.keys().collect::<Vec<_>>(), ["etag"]);
    server.transport().part(None).await.expect("the whole file");
    assert_eq!(server.accepted_encodings(), [["gzip"], ["gzip"]]);
}

#[tokio::test]
async fn a_head_request_accepts_no_encoding() {
    let mut server = EncodingServer::start(200).await;
    server.transport().head().await.expect("a response");
    server.transport().head().header("range", "bytes=0-9").await.expect("a response");
    assert_eq!(server.accepted_encodings(), [[""; 0]; 2]);
}

/// A part of a compressed body can't be decompressed.
#[tokio::test]
async fn a_range_request_accepts_no_encoding() {
    // A server without ranges returns 200, and one that compresses anyway was not asked to.
    for status in [206, 200] {
        let mut server = EncodingServer::start(status).await;
        let (transport, of_all) = (server.transport(), server.with_header("Range", "bytes=0-9"));
        for call in [
            transport.part(Some("bytes=0-9")),
            transport.beginning(),
            transport.get().header("range", "bytes=0-9"),
            transport.get().header("RANGE", "bytes=0-9").header("if-range", "\"v1\""),
            of_all.get(),
        ] {
            assert_unchanged(&call.with_response().await.expect("a part"));
        }
        assert_eq!(server.accepted_encodings(), [["identity"]; 5]);
    }
}

/// `if-range` has no meaning without `range` (RFC 9110, section 13.1.5).
#[tokio::test]
async fn if_range_without_range_still_accepts_gzip() {
    let mut server = EncodingServer::start(200).await;
    let transport = server.transport();
    assert_eq!(transport.get().header("if-range", "\"v1\"").await.expect("the whole file").0, "plain");
    assert_eq!(server.accepted_encodings(), [["gzip"]]);
}

#[tokio::test]
async fn a_206_is_never_decompressed() {
    let server = EncodingServer::start(206).await;
    assert_unchanged(&server.transport().get().with_response().await.expect("a part"));
}

/// Its `content-range` gives the length of the whole, but its own body is complete.
#[tokio::test]
async fn a_416_is_decompressed() {
    let reply = Reply::with_headers(416, &["content-encoding: gzip", "content-range: bytes */9"], gzip("plain"));
    let server = Server::start([reply]).await;
    assert_eq!(server.transport().get().await.expect("a response").0, "plain");
}

#[tokio::test]
async fn a_call_with_its_own_accept_encoding_gets_the_body_unchanged() {
    let mut server = EncodingServer::start(200).await;
    let (transport, of_all) = (server.transport(), server.with_header("Accept-Encoding", "gzip"));
    for call in [
        transport.encoded("gzip"),
        transport.fixed_encoding(),
        transport.get().header("accept-encoding", "*"),
        transport.encoded("identity").header("range", "bytes=0-9"),
        of_all.get(),
    ] {
        assert_unchanged(&call.with_response().await.expect("a response"));
    }
    assert_eq!(server.accepted_encodings(), [["gzip"], ["br, gzip"], ["*"], ["identity"], ["gzip"]]);
    of_all.head().await.expect("a response");
    assert_eq!(server.accepted_encodings(), [["gzip"]], "a default header is in every request");
}
