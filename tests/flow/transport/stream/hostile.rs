//! Servers that break rules, or keep them in a way that costs most, against a body that is read as it arrives.

use futures_util::future::join_all;

use super::ends::over_http2;
use super::*;
use crate::flow::transport::broken::gzip::gzip;
use crate::flow::transport::http2::server::{END_HEADERS, END_STREAM, Listener, NONE, frame, literal};
use crate::under_test::Network;

/// Reads to the end, and returns how many bytes came before it.
async fn drain(mut download: Download) -> (usize, Result<()>) {
    let mut length = 0;
    loop {
        match download.chunk().await {
            Ok(Some(chunk)) => length += chunk.len(),
            Ok(None) => return (length, Ok(())),
            Err(error) => return (length, Err(error)),
        }
    }
}

#[tokio::test]
async fn trailers_are_not_part_of_the_content() {
    let reply = Reply::raw(format!("{CHUNKED}3\r\nabc\r\n0\r\nx-checksum: 1\r\nx: 2\r\n\r\n"));
    let mut server = Server::start([reply, Reply::with_headers(200, &[], "next")]).await;
    let client = server.transport();
    assert_eq!(client.file().await.expect("a download").bytes(9).await.expect("all"), "abc");
    settle().await;
    assert_eq!(client.file().await.expect("a download").bytes(9).await.expect("all"), "next");
    assert_eq!((server.request().await.connection, server.request().await.connection), (0, 0));

    let listener = Listener::bind().await;
    let (_client, download, mut connection, stream) = over_http2(&listener).await;
    let trailers = literal("x-checksum", "1");
    connection.send(frame::HEADERS, END_HEADERS | END_STREAM, stream, &trailers).await.expect("a client that listens");
    assert_eq!(download.bytes(9).await.expect("all"), "first");
}

#[tokio::test]
async fn endless_trailers_and_chunk_extensions_are_an_error() {
    let many = |piece: &str| piece.repeat(64 * 1024 / piece.len());
    for (start, piece) in [
        (format!("{CHUNKED}1;"), many("x")),
        (CHUNKED.to_owned(), many("1;extension=value\r\nx\r\n")),
        (format!("{CHUNKED}1\r\nx\r\n0\r\nx: "), many("x")),
        (format!("{CHUNKED}1\r\nx\r\n0\r\n"), many("x: y\r\n")),
    ] {
        let server = Server::start([Reply::raw(start.as_str()).and_forever(piece, Duration::ZERO)]).await;
        let drained = drain(server.transport().file().await.expect("a download"));
        let (_, end) = tokio::time::timeout(20 * SECOND, drained).await.expect("it ends");
        assert_eq!(transport_error(end).kind(), TransportErrorKind::Interrupted, "{start:?}");
    }
}

#[tokio::test]
async fn bytes_after_a_body_are_never_the_next_calls() {
    for rest in ["x", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", "\r\n\r\n"] {
        let reply = || Reply::raw(format!("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc{rest}"));
        let replies = [reply(), Reply::with_headers(200, &[], "next"), Reply::with_headers(200, &[], "next")];
        let server = Server::start(replies).await;
        let client = server.transport();
        assert_eq!(client.file().await.expect("a download").bytes(9).await.expect("all"), "abc");
        settle().await;
        assert_eq!(client.file().await.expect("a download").bytes(9).await.expect("all"), "next", "{rest:?}");
    }
}

/// Every byte that comes is for nothing. The clock has to run although something always comes.
#[tokio::test(flavor = "multi_thread")]
async fn compressed_data_that_unpacks_to_nothing_is_silence() {
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n";
    let endless = || Reply::raw(head).and_forever(gzip("").repeat(1000), Duration::ZERO);
    let server = Server::start([endless(), endless()]).await;
    let client = Network::builder(server.url()).bearer_token(KEY).idle_timeout(SECOND / 5).build();
    let client = client.expect("a client");
    let drained = drain(client.file().await.expect("a download"));
    let (length, end) = tokio::time::timeout(20 * SECOND, drained).await.expect("it ends");
    assert_timeout(&transport_error(end), TimeLimit::Idle, SECOND / 5);
    assert_eq!(length, 0);

    // The same for a body that is read whole.
    let server =
        Server::start([Reply::raw(head.replace("200", "404")).and_forever(gzip("").repeat(1000), Duration::ZERO)])
            .await;
    let start = std::time::Instant::now();
    let client = server.transport();
    let error = tokio::time::timeout(20 * SECOND, client.file().attempt_timeout(SECOND / 5)).await.expect("it ends");
    assert!(transport_error(error).to_string().contains("attempt_timeout"));
    assert!(start.elapsed() < 10 * SECOND, "{:?}", start.elapsed());
}

/// A stream that always has a chunk, which is always empty.
#[tokio::test]
async fn empty_chunks_without_end_are_silence() {
    let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(""));
    let transport = courier_core::MemoryTransport::new().answer(200, courier_core::Body::from_stream(endless));
    let download = transport.file().idle_timeout(SECOND / 5).await.expect("a download");
    let (length, end) = drain(download).await;
    assert_timeout(&transport_error(end), TimeLimit::Idle, SECOND / 5);
    assert_eq!(length, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn over_http2_frames_without_data_are_silence() {
    let listener = Listener::bind().await;
    let (_client, mut download, mut connection, stream) = over_http2(&listener).await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "first");
    let flood = tokio::spawn(async move { while connection.send(frame::DATA, NONE, stream, b"").await.is_ok() {} });
    let (length, end) = tokio::time::timeout(60 * SECOND, drain(download)).await.expect("it ends");
    let error = transport_error(end);
    assert!(matches!(error.kind(), TransportErrorKind::Timeout { .. } | TransportErrorKind::Interrupted), "{error}");
    assert_eq!(length, 0);
    flood.abort();
}

#[tokio::test]
async fn over_http2_a_goaway_does_not_end_the_streams_that_it_names() {
    let listener = Listener::bind().await;
    let (_client, mut download, mut connection, stream) = over_http2(&listener).await;
    connection.go_away(stream, 0, b"restart").await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "first");
    connection.send(frame::DATA, END_STREAM, stream, b"last").await.expect("a client that listens");
    assert_eq!(download.bytes(9).await.expect("the rest"), "last");

    // One that doesn't name it, and a connection that ends.
    for last in [0, stream] {
        let listener = Listener::bind().await;
        let (_client, download, mut connection, _) = over_http2(&listener).await;
        connection.go_away(last, 2, b"").await;
        drop(connection);
        let (_, end) = drain(download).await;
        let error = transport_error(end);
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Interrupted, true));
    }
}

#[tokio::test]
async fn over_http2_more_data_than_the_length_or_less_is_an_error() {
    for (length, data) in [("3", "abcd"), ("5", "abcd")] {
        let listener = Listener::bind().await;
        let client = Network::builder(listener.url()).bearer_token(KEY).http2_prior_knowledge();
        let client = client.build().expect("a client");
        let (download, _connection) = tokio::join!(client.file(), async {
            let mut connection = listener.accept().await;
            let stream = connection.request().await;
            let head = [&[0x88][..], &literal("content-length", length)].concat();
            connection.send(frame::HEADERS, END_HEADERS, stream, &head).await.expect("a client that listens");
            connection.send(frame::DATA, END_STREAM, stream, data.as_bytes()).await.expect("a client that listens");
            connection
        });
        let (read, end) = drain(download.expect("a download")).await;
        assert_eq!(transport_error(end).kind(), TransportErrorKind::Interrupted, "{length}: {read}");
    }
}

#[tokio::test]
async fn a_million_chunks_of_a_byte_are_read_in_seconds() {
    let body = format!("{CHUNKED}{}0\r\n\r\n", "1\r\nx\r\n".repeat(1_000_000));
    let server = Server::start([Reply::raw(body)]).await;
    let start = std::time::Instant::now();
    let (length, end) = drain(server.transport().file().await.expect("a download")).await;
    end.expect("all");
    assert_eq!(length, 1_000_000);
    // A debug build on a busy machine takes 3.
    assert!(start.elapsed() < 60 * SECOND, "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_download_outlives_its_client() {
    let peer = Peer::bind().await;
    let client = peer.client();
    let (mut download, mut stream) = peer.download(&client, CHUNKED).await;
    drop(client);
    for _ in 0..3 {
        write(&mut stream, "1\r\na\r\n").await;
        assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "a");
        settle().await;
    }
    write(&mut stream, "0\r\n\r\n").await;
    assert_eq!(download.chunk().await.expect("the end"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_downloads_at_once_are_each_whole_although_their_consumers_are_slow() {
    let body = |number: usize| format!("{number:04}").repeat(10_000);
    let server = Server::from_fn({
        let mut number = 0;
        move |_| {
            number += 1;
            Reply::with_headers(200, &[], body(number))
        }
    })
    .await;
    let client = server.transport();
    let all = join_all((0..1000).map(|_| {
        let client = client.clone();
        tokio::spawn(async move {
            let mut download = client.file().await.expect("a download");
            let mut text = Vec::new();
            while let Some(chunk) = download.chunk().await.expect("a chunk") {
                text.extend_from_slice(&chunk);
                sleep(SECOND / 100).await;
            }
            String::from_utf8(text).expect("text")
        })
    }));
    let mut texts: Vec<_> = all.await.into_iter().map(|text| text.expect("no panic")).collect();
    texts.sort_unstable();
    for (text, number) in texts.into_iter().zip(1..) {
        assert_eq!(text, body(number));
    }
}

#[test]
fn a_download_is_read_in_another_runtime_than_that_of_its_call() {
    use tokio::runtime::Builder;

    let first = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (server, mut download) = first.block_on(async {
        let reply = Reply::raw(format!("{CHUNKED}3\r\nabc\r\n"));
        let server = Server::start([reply]).await;
        let client = Network::builder(server.url()).bearer_token(KEY).idle_timeout(SECOND / 5).build();
        (server, client.expect("a client").file().await.expect("a download"))
    });
    // Its timers are off: the limit counts in the first one.
    let second = Builder::new_current_thread().build().expect("a runtime");
    second.block_on(async {
        assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "abc");
        assert_timeout(&transport_error(download.chunk().await), TimeLimit::Idle, SECOND / 5);
    });
    drop(server);
}
