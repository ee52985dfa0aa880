//! A server that responds before an upload has ended.

use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::*;
use crate::under_test::Network;

/// A terabyte, and what is dropped with it.
fn terabyte() -> (Body, Weak<()>) {
    let alive = Arc::new(());
    let dropped = Arc::downgrade(&alive);
    let piece = Bytes::from(vec![b'a'; 64 * 1024]);
    let pieces = stream::repeat_with(move || {
        assert_eq!(Arc::strong_count(&alive), 1);
        Ok::<_, std::io::Error>(piece.clone())
    });
    (Body::from_stream(pieces).with_length(1 << 40), dropped)
}

const TOO_LARGE: &str = "HTTP/1.1 413 Content Too Large\r\ncontent-length: 9\r\n\r\ntoo large";

/// Waits until nobody holds the body any more.
async fn assert_dropped(body: &Weak<()>) {
    let gone = async {
        while body.strong_count() > 0 {
            sleep(SECOND / 100).await;
        }
    };
    tokio::time::timeout(5 * SECOND, gone).await.expect("the rest isn't sent");
}

#[tokio::test]
async fn a_response_that_comes_early_is_returned_and_the_rest_is_not_sent() {
    for is_read in [false, true] {
        let peer = Peer::bind().await;
        let client = Retry::new(peer.client());
        let (body, dropped) = terabyte();
        let server = async {
            let mut stream = peer.request().await;
            stream.read_exact(&mut vec![0; 100_000]).await.expect("the beginning");
            write(&mut stream, TOO_LARGE).await;
            if is_read {
                // It reads on, and only the client can end this.
                let reading = tokio::spawn(async move { tokio::io::copy(&mut stream, &mut tokio::io::sink()).await });
                return (Some(reading), None);
            }
            (None, Some(stream))
        };
        let (response, (reading, stream)) = tokio::join!(client.send(request(Method::PUT, body)), server);
        let response = response.expect("a response");
        assert_eq!(
            (response.status().as_u16(), response.body().as_bytes().expect("whole")),
            (413, &Bytes::from("too large"))
        );
        assert_dropped(&dropped).await;
        if let Some(reading) = reading {
            reading.await.expect("no panic").ok();
        }
        if let Some(mut stream) = stream {
            tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
        }

        // The next request has a connection of its own.
        let (response, _) = tokio::join!(client.send(request(Method::PUT, Body::empty())), async {
            let mut stream = peer.request().await;
            write(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
            stream
        });
        assert_eq!(response.expect("a response").status(), 204);
    }
}

#[tokio::test]
async fn a_response_is_returned_even_if_the_server_closes_the_connection_with_it() {
    for _ in 0..20 {
        let peer = Peer::bind().await;
        let (body, dropped) = terabyte();
        let client = peer.client();
        let (response, ()) = tokio::join!(client.send(request(Method::PUT, body)), async {
            let mut stream = peer.request().await;
            stream.read_exact(&mut vec![0; 100_000]).await.expect("the beginning");
            // What it hasn't read makes the system reset the connection.
            write(&mut stream, TOO_LARGE).await;
        });
        assert_eq!(response.expect("a response").status(), 413);
        assert_dropped(&dropped).await;
    }
}

#[tokio::test]
async fn over_http2_the_stream_is_reset_after_a_response_that_comes_early() {
    use crate::flow::transport::http2::server::{END_HEADERS, END_STREAM, Listener, NONE, frame, literal};

    let listener = Listener::bind().await;
    let client = Network::builder(listener.url()).http2_prior_knowledge().build().expect("a client");
    let (body, dropped) = terabyte();
    let (response, mut connection) = tokio::join!(client.send(request(Method::PUT, body)), async {
        let mut connection = listener.accept().await;
        let stream = connection.next(frame::DATA).await;
        let status = literal(":status", "413");
        connection.send(frame::HEADERS, END_HEADERS | END_STREAM, stream, &status).await.expect("a client");
        connection
    });
    assert_eq!(response.expect("a response").status(), 413);
    assert_dropped(&dropped).await;
    // It reads on, and only the client can end this.
    for stream in [0, 1] {
        connection.send(frame::WINDOW_UPDATE, NONE, stream, &[0, 0xff, 0, 0]).await.expect("a client");
    }
    assert_eq!(connection.next(frame::RST_STREAM).await, 1);

    // The connection is used for the next request.
    let (response, ()) = tokio::join!(client.send(request(Method::PUT, Body::empty())), async {
        let stream = connection.next(frame::HEADERS).await;
        connection.respond(stream, "").await;
    });
    assert_eq!(response.expect("a response").status(), 200);
}

#[tokio::test]
async fn a_call_that_is_dropped_ends_its_upload() {
    let peer = Peer::bind().await;
    let (body, dropped) = terabyte();
    let client = peer.client();
    let mut sending = client.send(request(Method::PUT, body));
    let mut stream = tokio::select! {
        _ = &mut sending => unreachable!("nothing responds"),
        stream = peer.request() => stream,
    };
    drop(sending);
    assert_dropped(&dropped).await;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.ok();
}

#[tokio::test]
async fn a_response_that_is_read_as_a_stream_comes_while_the_upload_goes_on() {
    let peer = Peer::bind().await;
    let client = peer.client();
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<&str>();
    let pieces = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (Ok::<_, std::io::Error>(piece), receiver))
    });
    let mut exchange = client.file().into_request().expect("a request").map(|_| Body::from_stream(pieces));
    *exchange.method_mut() = Method::POST;
    let (response, mut stream) = tokio::join!(client.send(exchange), async {
        let mut stream = peer.request().await;
        write(&mut stream, CHUNKED).await;
        stream
    });
    let mut body = response.expect("a response").into_body();
    for piece in ["ping", "pong"] {
        sender.send(piece).expect("the upload goes on");
        let mut arrived = [0; "4\r\nping\r\n".len()];
        stream.read_exact(&mut arrived).await.expect("a piece");
        let arrived = std::str::from_utf8(&arrived).expect("text");
        assert_eq!(arrived, format!("4\r\n{piece}\r\n"));
        write(&mut stream, arrived).await;
        let frame = std::future::poll_fn(|context| http_body::Body::poll_frame(std::pin::Pin::new(&mut body), context));
        assert_eq!(frame.await.expect("a piece").expect("a piece").into_data().expect("data"), piece);
    }
    drop(body);
    sender.closed().await;
}
