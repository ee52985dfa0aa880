//! How a stream ends: a connection that breaks is never the end of a body, and one that nobody reads is closed.

use futures_util::StreamExt as _;

use super::*;
use crate::flow::transport::http2::server::{Connection, END_HEADERS, END_STREAM, Listener, NONE, STATUS_200, frame};
use crate::under_test::Network;

const WHOLE: [&str; 2] = [
    "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n",
];

#[tokio::test]
async fn a_connection_that_ends_after_any_byte_is_an_error_and_never_a_short_file() {
    for whole in WHOLE {
        let body = whole.find("\r\n\r\n").expect("the end of the head") + 4;
        for cut in body..whole.len() {
            let reply = || Reply::raw(&whole[..cut]);
            let server = Server::start([reply().and_close(), reply().and_reset()]).await;
            for _ in 0..2 {
                // The head may be lost to a reset.
                let Ok(mut download) = server.transport().file().await else { continue };
                let error = loop {
                    match download.chunk().await {
                        Ok(chunk) => drop(chunk.unwrap_or_else(|| panic!("{cut} bytes of {whole:?} passed for all"))),
                        error => break transport_error(error),
                    }
                };
                assert_eq!(error.kind(), TransportErrorKind::Interrupted);
                assert_eq!((error.status().map(|status| status.as_u16()), error.may_have_arrived()), (Some(200), true));
                assert!(error.to_string().contains(&server.url()), "{error}");
                download.chunk().await.expect_err("not the end of the body");
                assert!(download.next().await.is_none(), "the stream has ended");
            }
        }
        let server = Server::start([Reply::raw(whole)]).await;
        assert_eq!(server.transport().file().await.expect("a download").bytes(10).await.expect("all"), "0123456789");
    }
}

#[tokio::test]
async fn invalid_chunks_are_an_error_of_the_stream() {
    for rest in ["x\r\n", "5\r\n01234xx", "ffffffffffffffffff\r\n"] {
        let server = Server::start([Reply::raw(format!("{CHUNKED}5\r\n01234\r\n{rest}"))]).await;
        let download = server.transport().file().await.expect("a download");
        let error = transport_error(download.bytes(100).await);
        assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{rest:?}");
    }
}

#[tokio::test]
async fn a_response_with_two_framings_is_refused_before_it_is_returned() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    let server = Server::start([Reply::raw(head)]).await;
    let error = transport_error(server.transport().file().await);
    assert_eq!(
        (error.kind(), error.status().map(|status| status.as_u16())),
        (TransportErrorKind::Interrupted, Some(200))
    );
}

#[tokio::test]
async fn the_error_of_a_stream_has_the_attempts_of_its_call() {
    let server = Server::start([Reply::json(503, ""), Reply::raw(WHOLE[0].trim_end_matches('9')).and_close()]).await;
    let client = Retry::new(server.transport());
    pause();
    let download = client.file().await.expect("a download");
    resume();
    let error = transport_error(download.bytes(100).await);
    assert_eq!((error.attempts(), error.status().map(|status| status.as_u16())), (2, Some(200)));
}

#[tokio::test]
async fn a_stream_that_breaks_is_not_retried() {
    let mut server = Server::start([Reply::raw(&WHOLE[0][..45]).and_close(), Reply::raw(WHOLE[0])]).await;
    let client = Retry::new(server.transport());
    transport_error(client.file().await.expect("a download").bytes(100).await);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_stream_that_was_read_to_its_end_leaves_its_connection_for_the_next_call() {
    let mut server = Server::start([Reply::raw(WHOLE[1]), Reply::raw(WHOLE[0])]).await;
    let client = server.transport();
    for connection in [0, 0] {
        let download = client.file().await.expect("a download");
        assert_eq!(download.bytes(10).await.expect("all"), "0123456789");
        settle().await;
        assert_eq!(server.request().await.connection, connection);
    }
}

#[tokio::test]
async fn a_dropped_stream_closes_its_connection_instead_of_draining_it() {
    // The client stays, and could keep the connection.
    let endless = || Reply::raw(CHUNKED).and_forever("5\r\n01234\r\n".repeat(1000), Duration::ZERO);
    let mut server = Server::start([endless(), endless(), Reply::raw(WHOLE[0])]).await;
    let client = server.transport();
    drop(client.file().await.expect("a download"));
    server.closed().await;
    let mut download = client.file().await.expect("a download");
    download.chunk().await.expect("a chunk");
    drop(download);
    server.closed().await;
    assert_eq!(client.file().await.expect("a download").bytes(10).await.expect("all"), "0123456789");
}

#[tokio::test]
async fn a_consumer_that_panics_or_is_cancelled_leaves_no_connection() {
    let silent = || Reply::raw(format!("{CHUNKED}5\r\n01234\r\n"));
    let mut server = Server::start([silent(), silent()]).await;
    let client = server.transport();
    let mut download = client.file().await.expect("a download");
    let task = tokio::spawn(async move {
        let _chunk = download.chunk().await;
        std::panic::resume_unwind(Box::new("on purpose"));
    });
    task.await.expect_err("it panics");
    server.closed().await;

    let mut download = client.file().await.expect("a download");
    let task = tokio::spawn(async move { while download.chunk().await.is_ok_and(|chunk| chunk.is_some()) {} });
    settle().await;
    task.abort();
    server.closed().await;
}

pub(super) async fn over_http2(listener: &Listener) -> (Network, Download, Connection, u32) {
    let client = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
    let client = client.build().expect("a client");
    let (download, (connection, stream)) = tokio::join!(client.file(), async {
        let mut connection = listener.accept().await;
        let stream = connection.request().await;
        connection.send(frame::HEADERS, END_HEADERS, stream, STATUS_200).await.expect("a client that listens");
        connection.send(frame::DATA, NONE, stream, b"first").await.expect("a client that listens");
        (connection, stream)
    });
    (client, download.expect("a download"), connection, stream)
}

#[tokio::test]
async fn over_http2_a_stream_is_read_as_it_arrives() {
    let listener = Listener::bind().await;
    let (_client, mut download, mut connection, stream) = over_http2(&listener).await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "first");
    connection.send(frame::DATA, END_STREAM, stream, b"last").await.expect("a client that listens");
    assert_eq!(download.bytes(9).await.expect("the rest"), "last");
}

#[tokio::test]
async fn over_http2_a_dropped_stream_is_reset_and_the_connection_stays_open() {
    let listener = Listener::bind().await;
    let (client, download, mut connection, stream) = over_http2(&listener).await;
    drop(download);
    assert_eq!(connection.next(frame::RST_STREAM).await, stream);
    let (download, ()) = tokio::join!(client.file(), async {
        let stream = connection.request().await;
        connection.respond(stream, "second").await;
    });
    assert_eq!(download.expect("a download").bytes(9).await.expect("all"), "second");
}

#[tokio::test]
async fn over_http2_a_stream_that_the_server_resets_is_an_error() {
    let listener = Listener::bind().await;
    let (_client, mut download, mut connection, stream) = over_http2(&listener).await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "first");
    connection.reset(stream, 2).await;
    let error = transport_error(download.chunk().await);
    assert_eq!(
        (error.kind(), error.status().map(|status| status.as_u16())),
        (TransportErrorKind::Interrupted, Some(200))
    );
    assert!(error.to_string().contains("INTERNAL_ERROR"), "{error}");
}
