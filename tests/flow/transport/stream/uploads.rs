//! A request's body that is a stream: what is on the wire, and that it is sent once.

use courier_core::{Body, Request};
use futures_util::stream::{self, StreamExt as _};
use http::Method;

use super::*;
use crate::under_test::Network;

mod early;
mod files;
mod forms;

fn chunks(chunks: &[&'static str]) -> Body {
    let chunks: Vec<_> = chunks.iter().copied().map(Ok::<_, std::io::Error>).collect();
    Body::from_stream(stream::iter(chunks))
}

fn request(method: Method, body: Body) -> Request {
    http::Request::builder().method(method).uri("/file").body(body).expect("a request")
}

/// All that a client writes until its request ends in this, with a response to it.
async fn received(peer: &Peer, end: &str) -> String {
    let (mut stream, _) = peer.0.accept().await.expect("a connection");
    let mut bytes = Vec::new();
    while !bytes.ends_with(end.as_bytes()) {
        bytes.push(stream.read_u8().await.expect("more"));
    }
    write(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
    String::from_utf8(bytes).expect("text")
}

#[tokio::test]
async fn a_stream_without_a_length_is_sent_in_chunks_and_one_with_a_length_as_it_is() {
    let peer = Peer::bind().await;
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::GET, Method::OPTIONS] {
        let client = peer.client();
        let chunked = request(method.clone(), chunks(&["ab", "cde"]));
        let (response, text) = tokio::join!(client.send(chunked), received(&peer, "\r\n0\r\n\r\n"));
        assert_eq!(response.expect("a response").status(), 204);
        assert!(text.contains("\r\ntransfer-encoding: chunked\r\n") && !text.contains("content-length"), "{text}");
        assert!(text.ends_with("\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"), "{text}");
        assert!(!text.contains("expect"), "{text}");

        let client = peer.client();
        let with_length = request(method, chunks(&["ab", "cde"]).with_length(5));
        let (response, text) = tokio::join!(client.send(with_length), received(&peer, "\r\n\r\nabcde"));
        assert_eq!(response.expect("a response").status(), 204);
        assert!(text.contains("\r\ncontent-length: 5\r\n") && !text.contains("transfer-encoding"), "{text}");
        assert!(!text.contains("expect"), "{text}");
    }
}

/// A body of another crate that reports a length which it doesn't have.
struct Lying(Body, u64);

impl http_body::Body for Lying {
    type Data = bytes::Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<std::result::Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
        std::pin::Pin::new(&mut self.0).poll_frame(context)
    }

    fn size_hint(&self) -> http_body::SizeHint {
        http_body::SizeHint::with_exact(self.1)
    }
}

#[tokio::test]
async fn a_stream_that_does_not_keep_its_length_is_an_error_and_never_a_complete_request() {
    for (body, text) in [
        (chunks(&["abc"]).with_length(5), "its stream ended after 3 of 5 bytes"),
        (chunks(&["abc"]).with_length(2), "more than 2 bytes"),
        // The server could take the first for all.
        (chunks(&["ab", "c"]).with_length(2), "more than 2 bytes"),
        (Body::from_fn(|| chunks(&["ab", "", "c"])).with_length(2), "more than 2 bytes"),
        (Body::new(Lying(chunks(&["ab", "c"]), 2)), "more than 2 bytes"),
        (Body::new(Lying(chunks(&["ab", "c"]), 5)), "ended after 3 of 5 bytes"),
    ] {
        let peer = Peer::bind().await;
        let client = peer.client();
        let length = body.length().expect("a length");
        let (result, sent) = tokio::join!(client.send(request(Method::POST, body)), async {
            let (mut stream, _) = peer.0.accept().await.expect("a connection");
            let mut sent = Vec::new();
            stream.read_to_end(&mut sent).await.ok();
            sent
        });
        let error = result.expect_err("a wrong length");
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::RequestBody, true));
        assert!(error.to_string().contains(text), "{error}");
        let sent = String::from_utf8(sent).expect("text");
        let body = sent.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        assert!((body.len() as u64) < length, "{body:?} passed for {length} bytes");
    }
}

#[tokio::test]
async fn a_stream_that_was_read_from_is_not_retried_and_the_error_says_so() {
    let mut server = Server::start([Reply::silence().and_close(), Reply::json(200, "")]).await;
    let client = Retry::new(server.transport());
    let error = client.send(request(Method::GET, chunks(&["ab", "c"]))).await.expect_err("no response");
    assert_eq!((error.attempts(), error.may_have_arrived()), (1, true));
    assert!(
        error.to_string().contains("not retried, since the request's body is a stream that can be read only once"),
        "{error}"
    );
    assert_eq!(server.received().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_not_read_from_is_retried() {
    let nobody = crate::flow::server::unused_address().await;
    let client = Network::builder(format!("http://{nobody}")).build().expect("a client");
    let error = Retry::new(client).send(request(Method::POST, chunks(&["abc"]))).await.expect_err("no connection");
    assert_eq!((error.attempts(), error.may_have_arrived()), (3, false));
    assert!(!error.to_string().contains("not retried"), "{error}");
}

/// A body that breaks after some bytes, when they have been sent.
fn broken() -> Body {
    let pieces = stream::iter([Ok("abc"), Err(std::io::Error::other("the disk is on fire"))]);
    Body::from_stream(pieces.then(|piece| async {
        tokio::time::sleep(SECOND / 20).await;
        piece
    }))
}

fn assert_broken(error: &courier_core::TransportError) {
    assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::RequestBody, true));
    let io = std::error::Error::source(error).and_then(|source| source.downcast_ref::<std::io::Error>());
    assert_eq!(io.expect("the stream's own error").to_string(), "the disk is on fire");
    assert!(format!("{error:#}").contains("abandoned because its body can't be read; "), "{error:#}");
}

#[tokio::test]
async fn the_error_of_a_stream_is_the_error_of_its_request_and_nothing_is_retried() {
    let peer = Peer::bind().await;
    let client = Retry::new(peer.client());
    let (result, ()) = tokio::join!(client.send(request(Method::PUT, broken())), async {
        let mut stream = peer.request().await;
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.ok();
        assert!(!String::from_utf8_lossy(&rest).ends_with("0\r\n\r\n"), "a complete request");
    });
    let error = result.expect_err("no response");
    assert_broken(&error);
    assert_eq!(error.attempts(), 1);

    let error =
        courier_core::MemoryTransport::new().send(request(Method::PUT, broken())).await.expect_err("no request");
    assert_broken(&error);
}

#[tokio::test]
async fn the_error_of_a_stream_is_the_error_of_its_request_over_http2() {
    use crate::flow::transport::http2::server::{Listener, frame};

    let listener = Listener::bind().await;
    let client = Network::builder(listener.url()).http2_prior_knowledge().build().expect("a client");
    let (result, _connection) = tokio::join!(client.send(request(Method::PUT, broken())), async {
        let mut connection = listener.accept().await;
        let stream = connection.next(frame::HEADERS).await;
        assert_eq!(connection.next(frame::RST_STREAM).await, stream);
        connection
    });
    assert_broken(&result.expect_err("no response"));
}

#[tokio::test]
async fn an_upload_may_take_longer_than_the_attempts_of_the_client_if_its_call_says_so() {
    let slow = || {
        let pieces = stream::unfold(0, |piece| async move {
            tokio::time::sleep(SECOND / 20).await;
            (piece < 6).then_some((Ok::<_, std::io::Error>("piece"), piece + 1))
        });
        Body::from_stream(pieces)
    };
    let put = |body| {
        let mut request = request(Method::PUT, body);
        *request.uri_mut() = http::Uri::from_static("/slow");
        request
    };
    let peer = Peer::bind().await;
    let client = peer.builder().attempt_timeout(SECOND / 10).build().expect("a client");
    let error = client.send(put(slow())).await.expect_err("too slow");
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, after: SECOND / 10 });
    drop(peer.request().await);

    let call = client.file().attempt_timeout(9 * SECOND);
    let mut patient = call.into_request().expect("a request").map(|_| slow());
    *patient.method_mut() = Method::PUT;
    let (response, _) = tokio::join!(client.send(patient), received(&peer, "\r\n0\r\n\r\n"));
    assert_eq!(response.expect("a response").status(), 204);
}
