//! A body that is read as it arrives: when it is returned, how long it may take, and how it ends.

use std::time::Duration;

use courier_core::transport::{Deadline, Retry, TimeLimit, TransportBuilder, TransportErrorKind};
use courier_core::{Download, Error, Result, Transport, endpoint};
use futures_util::FutureExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, advance, pause, resume, sleep};

use super::transport_error;
use crate::flow::key_search;
use crate::flow::server::{KEY, Reply, Server, settle};
use crate::under_test::Network;

mod decompressed;
mod ends;
mod events;
mod hostile;
mod logged;
mod own_transport;
mod uploads;

const SECOND: Duration = Duration::from_secs(1);

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    async fn file(&self) -> Result<Download>;
}
impl<T: Transport> Files for T {}

/// A server whose responses the test writes itself, piece by piece.
struct Peer(TcpListener);

impl Peer {
    async fn bind() -> Self {
        key_search::begin();
        Self(TcpListener::bind("127.0.0.1:0").await.expect("a free port"))
    }

    fn builder(&self) -> TransportBuilder<Network> {
        let url = format!("http://{}", self.0.local_addr().expect("a bound listener"));
        Network::builder(url).bearer_token(KEY)
    }

    fn client(&self) -> Network {
        self.builder().build().expect("a client")
    }

    /// The next connection, behind the head of its request.
    async fn request(&self) -> TcpStream {
        let (mut stream, _) = self.0.accept().await.expect("a connection");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a head"));
        }
        stream
    }

    /// A download whose head has come, and the connection that its body comes over.
    async fn download<T: Transport>(&self, client: &T, head: &str) -> (Download, TcpStream) {
        let (download, stream) = tokio::join!(client.file(), async {
            let mut stream = self.request().await;
            write(&mut stream, head).await;
            stream
        });
        (download.expect("a download"), stream)
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

async fn write(stream: &mut TcpStream, bytes: impl AsRef<[u8]>) {
    stream.write_all(bytes.as_ref()).await.expect("a client that listens");
}

/// The error of a stream, and how long it took with a clock that jumps.
async fn when_time_passes(mut download: Download) -> (courier_core::TransportError, Duration) {
    settle().await;
    pause();
    let start = Instant::now();
    let error = transport_error(download.chunk().await);
    let elapsed = start.elapsed();
    resume();
    (error, elapsed)
}

fn assert_timeout(error: &courier_core::TransportError, limit: TimeLimit, after: Duration) {
    assert_eq!(error.kind(), TransportErrorKind::Timeout { limit, after });
    assert_eq!((error.status().map(|status| status.as_u16()), error.may_have_arrived()), (Some(200), true));
}

#[tokio::test]
async fn a_download_is_returned_after_the_head_and_its_chunks_as_they_arrive() {
    let peer = Peer::bind().await;
    let client = peer.client();
    let (mut download, mut stream) = peer.download(&client, CHUNKED).await;
    assert!(download.chunk().now_or_never().is_none(), "nothing has come");
    for piece in ["first", "second"] {
        write(&mut stream, format!("{:x}\r\n{piece}\r\n", piece.len())).await;
        assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), piece);
        assert!(download.chunk().now_or_never().is_none(), "nothing more has come");
    }
    write(&mut stream, "0\r\n\r\n").await;
    assert_eq!(download.chunk().await.expect("the end"), None);
}

#[tokio::test]
async fn the_length_is_known_if_the_server_says_it() {
    let server = Server::start([Reply::with_headers(200, &[], "abc")]).await;
    let download = server.transport().file().await.expect("a download");
    assert_eq!(download.content_length(), Some(3));
    assert_eq!(download.bytes(3).await.expect("all"), "abc");
}

#[tokio::test]
async fn an_undeclared_status_is_retried_and_keeps_its_whole_body() {
    let unavailable = || Reply::with_headers(503, &[], "busy");
    let server = Server::start([unavailable(), unavailable(), Reply::with_headers(200, &[], "abc")]).await;
    let client = Retry::new(server.transport());
    pause();
    let answered = client.file().with_response().await.expect("a download");
    resume();
    assert_eq!((answered.attempts, answered.outcome.bytes(3).await.expect("all").as_ref()), (3, &b"abc"[..]));

    let server = Server::start([unavailable()]).await;
    let error = server.transport().file().await.expect_err("undeclared");
    assert!(matches!(error, Error::Status { .. }), "{error:?}");
    assert_eq!(error.body().expect("a body"), "busy");
}

#[tokio::test]
async fn a_whole_body_has_a_size_limit_and_a_stream_only_if_the_call_sets_one() {
    let nine_megabytes = "x".repeat(9 * 1024 * 1024);
    let reply = |status| Reply::with_headers(status, &[], &nine_megabytes);
    let mut server = Server::start([reply(200), reply(404), reply(200)]).await;
    let client = server.transport();
    let all = client.file().await.expect("a download").bytes(u64::MAX).await;
    assert_eq!(all.expect("no limit").len(), nine_megabytes.len());
    let error = transport_error(client.file().await);
    assert!(matches!(error.kind(), TransportErrorKind::TooLarge { .. }), "{error:?}");

    // A limit of the call holds for a stream too, and ends one that says that it is larger at once.
    server.received();
    let error = transport_error(client.file().max_body_bytes(1000).await);
    assert_eq!(error.kind(), TransportErrorKind::TooLarge { limit: 1000 });
}

#[tokio::test]
async fn a_silent_server_ends_a_stream_after_thirty_seconds() {
    let peer = Peer::bind().await;
    let (download, _stream) = peer.download(&peer.client(), CHUNKED).await;
    let (error, elapsed) = when_time_passes(download).await;
    assert_timeout(&error, TimeLimit::Idle, 30 * SECOND);
    assert!(elapsed.abs_diff(30 * SECOND) < SECOND, "{elapsed:?}");
    let text = error.to_string();
    assert!(text.contains("idle_timeout") && text.contains("http://127.0.0.1:"), "{text}");
}

#[tokio::test]
async fn the_idle_timeout_can_be_set_for_a_client_and_for_a_call() {
    let peer = Peer::bind().await;
    let client = peer.builder().idle_timeout(7 * SECOND).build().expect("a client");
    let (download, _stream) = peer.download(&client, CHUNKED).await;
    assert_timeout(&when_time_passes(download).await.0, TimeLimit::Idle, 7 * SECOND);

    let (download, _stream) = tokio::join!(client.file().idle_timeout(3 * SECOND), async {
        let mut stream = peer.request().await;
        write(&mut stream, CHUNKED).await;
        stream
    });
    assert_timeout(&when_time_passes(download.expect("a download")).await.0, TimeLimit::Idle, 3 * SECOND);
}

#[tokio::test]
async fn each_byte_restarts_the_idle_timeout() {
    let peer = Peer::bind().await;
    let client = peer.builder().idle_timeout(200 * SECOND / 1000).build().expect("a client");
    let (mut download, mut stream) = peer.download(&client, CHUNKED).await;
    let server = tokio::spawn(async move {
        for _ in 0..5 {
            sleep(120 * SECOND / 1000).await;
            write(&mut stream, "1\r\na\r\n").await;
        }
        stream
    });
    for _ in 0..5 {
        assert_eq!(download.chunk().await.expect("not silent").expect("a chunk"), "a");
    }
    let _stream = server.await.expect("no panic");
    assert_timeout(&transport_error(download.chunk().await), TimeLimit::Idle, 200 * SECOND / 1000);
}

#[tokio::test]
async fn a_pause_of_the_consumer_is_not_silence_of_the_server() {
    let peer = Peer::bind().await;
    let (mut download, mut stream) = peer.download(&peer.client(), CHUNKED).await;
    write(&mut stream, "1\r\na\r\n").await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "a");
    // It pauses before it waits, and after it has given up waiting.
    for _ in 0..2 {
        settle().await;
        pause();
        advance(3600 * SECOND).await;
        resume();
        assert!(download.chunk().now_or_never().is_none(), "nothing has come, and the clock starts here");
    }
    write(&mut stream, "1\r\nb\r\n").await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "b");
}

#[tokio::test]
async fn a_stream_timeout_limits_the_whole_stream() {
    let peer = Peer::bind().await;
    let client = peer.builder().stream_timeout(90 * SECOND).idle_timeout(600 * SECOND).build().expect("a client");
    let (download, _stream) = peer.download(&client, CHUNKED).await;
    let (error, elapsed) = when_time_passes(download).await;
    assert_timeout(&error, TimeLimit::Stream, 90 * SECOND);
    assert!(elapsed.abs_diff(90 * SECOND) < SECOND, "{elapsed:?}");
    assert!(error.to_string().contains("stream_timeout"), "{error}");

    // It holds for a server that is never silent.
    let endless = Reply::raw(CHUNKED).and_forever("1\r\na\r\n", Duration::ZERO);
    let server = Server::start([endless]).await;
    let mut download = server.transport().file().stream_timeout(SECOND / 10).await.expect("a download");
    let error = loop {
        match download.chunk().await {
            Ok(chunk) => drop(chunk.expect("there is no end")),
            error => break transport_error(error),
        }
    };
    assert_timeout(&error, TimeLimit::Stream, SECOND / 10);
}

#[tokio::test]
async fn the_limits_of_a_call_end_at_the_head() {
    let peer = Peer::bind().await;
    let client = peer.builder().connect_timeout(SECOND).attempt_timeout(SECOND).idle_timeout(600 * SECOND).build();
    let client = Deadline::new(Retry::new(client.expect("a client")), SECOND);
    let (mut download, mut stream) = peer.download(&client, CHUNKED).await;
    settle().await;
    pause();
    advance(60 * SECOND).await;
    resume();
    write(&mut stream, "1\r\na\r\n0\r\n\r\n").await;
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "a");
    assert_eq!(download.chunk().await.expect("the end"), None);
}

#[tokio::test]
async fn the_limits_of_a_call_hold_up_to_the_head() {
    for (limit, within_head) in [(TimeLimit::Attempt, ""), (TimeLimit::Deadline, "HTTP/1.1 200 OK\r\n")] {
        let server = Server::start([Reply::raw(within_head)]).await;
        let client = Network::builder(server.url()).bearer_token(KEY);
        let client = match limit {
            TimeLimit::Attempt => {
                Deadline::new(client.attempt_timeout(SECOND / 10).build().expect("a client"), 9 * SECOND)
            }
            _ => Deadline::new(client.build().expect("a client"), SECOND / 10),
        };
        let error = transport_error(client.file().await);
        assert_eq!(error.kind(), TransportErrorKind::Timeout { limit, after: SECOND / 10 });
    }
}

#[test]
fn the_idle_timeout_holds_in_another_runtime_than_the_calls() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let peer = server.block_on(Peer::bind());
    let client = peer.builder().idle_timeout(SECOND / 5).build().expect("a client");
    // The runtime of the call is idle from here on, and its timer with it, even if the download was polled in it.
    let (first, second) = (runtime(), runtime());
    for polls in [0, 1] {
        let (mut download, _stream) = first.block_on(async {
            let (mut download, stream) = peer.download(&client, CHUNKED).await;
            for _ in 0..polls {
                assert!(download.chunk().now_or_never().is_none());
            }
            (download, stream)
        });
        let error = second.block_on(async {
            let chunk = tokio::time::timeout(10 * SECOND, download.chunk()).await;
            transport_error(chunk.expect("the idle timeout, not that of this test"))
        });
        assert_timeout(&error, TimeLimit::Idle, SECOND / 5);
    }
}
