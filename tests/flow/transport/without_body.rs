//! Responses that have no body because of their status or the request's method, regardless of their headers.

use courier_core::{Call, Error, Result, Transport, WholeResponse, endpoint};

use super::http2::server::{Connection, END_HEADERS, END_STREAM, Listener, NONE, frame, literal};
use crate::flow::server::{KEY, Reply, Server};
use crate::under_test::Network;

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 299)]
    async fn get(&self) -> Result<()>;
    #[endpoint(HEAD, "/file", ok = 299)]
    async fn head(&self) -> Result<()>;
}
impl<T: Transport> Files for T {}

/// Far above the limit of every client here.
const LENGTH: &str = "100000000";

/// The whole response: no status here is declared.
async fn response(call: Call<'_, Result<()>>) -> WholeResponse {
    match call.await {
        Err(Error::Status { response, .. }) => *response,
        other => panic!("{other:?}"),
    }
}

fn assert_as_sent(what: &str, response: &WholeResponse) {
    assert_eq!(response.body(), "", "{what}");
    let header = |name: &str| response.headers().get(name).map(|value| value.to_str().expect("text"));
    let expected = [Some(LENGTH), Some("gzip"), Some("\"v1\"")];
    assert_eq!(["content-length", "content-encoding", "etag"].map(header), expected, "{what}");
}

#[tokio::test]
async fn over_http1_a_response_without_a_body_keeps_its_headers_and_its_connection() {
    let headers = format!("content-length: {LENGTH}\r\ncontent-encoding: gzip\r\netag: \"v1\"");
    let reply = |status: u16| Reply::raw(format!("HTTP/1.1 {status} -\r\n{headers}\r\n\r\n"));
    let mut server = Server::start([reply(304), reply(204), reply(200), reply(404), reply(206)]).await;
    let transport = server.builder().max_body_bytes(10).max_attempts(1).build().expect("a client");
    for status in [304, 204] {
        assert_as_sent(&format!("{status}"), &response(transport.get()).await);
    }
    for status in [200, 404, 206] {
        assert_as_sent(&format!("HEAD {status}"), &response(transport.head()).await);
    }
    assert_eq!(server.received().iter().map(|request| request.connection).collect::<Vec<_>>(), [0; 5]);
}

#[tokio::test]
async fn over_http1_a_head_response_does_not_wait_for_announced_chunks() {
    let reply = || Reply::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-encoding: gzip\r\n\r\n");
    let mut server = Server::start([reply(), reply()]).await;
    let transport = server.transport();
    for _ in 0..2 {
        let response = response(transport.head()).await;
        assert_eq!(response.headers()["content-encoding"], "gzip");
    }
    assert_eq!(server.received().iter().map(|request| request.connection).collect::<Vec<_>>(), [0; 2]);
}

/// RFC 9110, section 15.3.6, requires it to have no body; RFC 9112, section 6.3, frames it like any other response.
#[tokio::test]
async fn over_http1_a_205_has_the_body_its_framing_announces() {
    let mut server = Server::start([Reply::json(205, "12345"), Reply::json(205, "")]).await;
    let transport = server.transport();
    assert_eq!(response(transport.get()).await.body(), "12345");
    assert_eq!(response(transport.get()).await.body(), "");
    assert_eq!(server.received().iter().map(|request| request.connection).collect::<Vec<_>>(), [0; 2]);
}

/// How an HTTP/2 server ends a response without a body.
#[derive(Clone, Copy, Debug)]
enum End {
    WithTheHead,
    WithAnEmptyFrame,
    Never,
}

async fn over_http2(status: u16, is_head: bool, end: End) -> WholeResponse {
    let listener = Listener::bind().await;
    let builder = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
    let transport = builder.max_body_bytes(10).build().expect("a client");
    let serve = async {
        let mut connection: Connection = listener.accept().await;
        let stream = connection.request().await;
        let block = [
            literal(":status", &status.to_string()),
            literal("content-length", LENGTH),
            literal("content-encoding", "gzip"),
            literal("etag", "\"v1\""),
        ];
        let flags = if matches!(end, End::WithTheHead) { END_HEADERS | END_STREAM } else { END_HEADERS };
        connection.send(frame::HEADERS, flags, stream, &block.concat()).await.expect("a client");
        if matches!(end, End::WithAnEmptyFrame) {
            connection.send(frame::DATA, END_STREAM, stream, b"").await.ok();
        } else {
            connection.send(frame::PING, NONE, 0, &[0; 8]).await.ok();
        }
        connection
    };
    let call = if is_head { transport.head() } else { transport.get() };
    tokio::join!(response(call), serve).0
}

#[tokio::test]
async fn over_http2_a_response_without_a_body_keeps_its_headers_and_is_not_too_large() {
    for (status, is_head) in [(304, false), (204, false), (200, true), (404, true), (304, true)] {
        for end in [End::WithTheHead, End::WithAnEmptyFrame, End::Never] {
            let what = format!("{status}, HEAD: {is_head}, {end:?}");
            let response = tokio::time::timeout(std::time::Duration::from_secs(5), over_http2(status, is_head, end));
            let response = response.await.unwrap_or_else(|_| panic!("{what}: the call waits for a body"));
            assert_as_sent(&what, &response);
        }
    }
}
