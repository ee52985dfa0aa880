//! A request's body that is a stream: what is on the wire, and that it is sent once.

use courier_core::{Body, Request};
use futures_util::stream;
use http::Method;

use super::*;

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
        let request = request(method, chunks(&["ab", "cde"]));
        let (response, text) = tokio::join!(client.send(request), received(&peer, "\r\n0\r\n\r\n"));
        assert_eq!(response.expect("a response").status(), 204);
        assert!(text.contains("\r\ntransfer-encoding: chunked\r\n") && !text.contains("content-length"), "{text}");
        assert!(text.ends_with("\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"), "{text}");
    }

    let client = peer.client();
    let body = chunks(&["ab", "cde"]).with_length(5);
    let (response, text) = tokio::join!(client.send(request(Method::PUT, body)), received(&peer, "\r\n\r\nabcde"));
    assert_eq!(response.expect("a response").status(), 204);
    assert!(text.contains("\r\ncontent-length: 5\r\n") && !text.contains("transfer-encoding"), "{text}");
}

#[tokio::test]
async fn a_stream_that_does_not_keep_its_length_is_an_error_and_never_a_complete_request() {
    for (body, text) in [
        (chunks(&["abc"]).with_length(5), "ended after 3 of the 5 bytes"),
        (chunks(&["abc"]).with_length(2), "more than the 2 bytes"),
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
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Interrupted, true));
        assert!(format!("{error:#}").contains(text), "{error:?}");
        let sent = String::from_utf8(sent).expect("text");
        let body = sent.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        assert!((body.len() as u64) < length, "{body:?} passed for {length} bytes");
    }
}

#[tokio::test]
async fn a_stream_that_was_touched_is_not_sent_again_and_the_error_says_so() {
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
async fn a_stream_that_nothing_was_read_of_is_for_the_next_attempt() {
    let nobody = crate::flow::server::unused_address().await;
    let client = ReqwestTransport::builder(format!("http://{nobody}")).build().expect("a client");
    let error = Retry::new(client).send(request(Method::POST, chunks(&["abc"]))).await.expect_err("no connection");
    assert_eq!((error.attempts(), error.may_have_arrived()), (3, false));
    assert!(!error.to_string().contains("not retried"), "{error}");
}
