//! A download that threads read, and wait for.

use std::io::{self, BufRead as _, Read as _};

use courier_core::outcome::SaveError;
use courier_core::transport::TransportBuilder;
use courier_core::{Body, Download};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::io::AsyncReadExt as _;
use tokio::task::spawn_blocking;

use super::*;
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

trait Files: Transport {
    #[endpoint(GET, "/file", ok = 200)]
    fn file(&self) -> Result<Download>;
    #[endpoint(GET, "/file", ok = 200)]
    async fn file_later(&self) -> Result<Download>;
}
impl<T: Transport + ?Sized> Files for T {}

pub(super) const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
pub(super) const IDLE: Duration = Duration::from_millis(100);

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// A server in its own runtime, so that a test which blocks its thread does not block it.
pub(super) struct Background {
    server: Server,
    runtime: Runtime,
}

impl Background {
    pub(super) fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let runtime = multi_thread();
        let server = runtime.block_on(Server::start(replies));
        Self { server, runtime }
    }

    fn builder(&self) -> TransportBuilder<Network> {
        Network::builder(self.server.url()).bearer_token(KEY)
    }

    pub(super) fn client(&self) -> Network {
        self.server.transport()
    }

    /// A client that waits for a byte only [`IDLE`].
    pub(super) fn impatient(&self) -> Network {
        self.builder().idle_timeout(IDLE).build().expect("a client")
    }

    /// Waits until a client closes a connection.
    fn closed(&mut self) {
        self.runtime.block_on(self.server.closed());
    }
}

fn chunked(chunks: &[&str]) -> String {
    let chunks = chunks.iter().map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()));
    CHUNKED.to_owned() + &chunks.collect::<String>()
}

fn whole() -> Reply {
    Reply::raw(chunked(&["one\ntw", "o\nthree"]) + "0\r\n\r\n")
}

/// Something comes, and then nothing more.
fn stalled() -> Reply {
    Reply::raw(chunked(&["first"]))
}

fn read_first(download: &mut Download) {
    let mut first = [0; 5];
    download.read_exact(&mut first).expect("the first chunk");
    assert_eq!(&first, b"first");
}

/// The error of a call in an error of I/O.
fn inner(error: io::Error) -> Error {
    error.downcast().expect("the error of the call")
}

fn assert_idle(error: io::Error) {
    assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{error:?}");
    let Error::Timeout { source, .. } = inner(error) else { panic!("a timeout") };
    assert_eq!(source.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Idle, after: IDLE });
}

#[test]
fn a_download_is_read_by_the_traits_of_the_standard_library() {
    let background = Background::start([whole(), whole(), whole(), whole(), whole()]);
    let client = background.client();
    let mut text = String::new();
    client.file().expect("a download").read_to_string(&mut text).expect("all");
    assert_eq!(text, "one\ntwo\nthree");

    // `wait` does the same for a method that is async.
    let lines: io::Result<Vec<_>> = client.file_later().wait().expect("a download").lines().collect();
    assert_eq!(lines.expect("all"), ["one", "two", "three"]);

    let mut copied = Vec::new();
    assert_eq!(io::copy(&mut client.file().expect("a download"), &mut copied).expect("all"), 13);
    assert_eq!(copied, b"one\ntwo\nthree");

    let mut download = client.file().expect("a download");
    let mut two = [0; 2];
    download.read_exact(&mut two).expect("two bytes");
    assert_eq!(&two, b"on");

    let chunks: Result<Vec<_>> = client.file().expect("a download").into_iter().collect();
    assert_eq!(chunks.expect("all").concat(), b"one\ntwo\nthree");
}

#[test]
fn a_loop_that_borrows_a_download_leaves_the_rest_of_it() {
    let chunks = stream::iter(["ab", "", "cde", "f"]).map(Ok::<_, io::Error>);
    let mut download = MemoryTransport::new().answer(200, Body::from_stream(chunks)).file().expect("a download");
    for chunk in &mut download {
        if chunk.expect("a chunk") == "ab" {
            break;
        }
    }
    assert_eq!(io::read_to_string(download).expect("the rest"), "cdef");
}

#[test]
fn an_empty_buffer_is_filled_at_once_although_nothing_has_come() {
    let background = Background::start([Reply::raw(CHUNKED)]);
    let mut download = background.client().file().expect("a download");
    assert_eq!(download.read(&mut []).expect("no byte is asked for"), 0);
}

#[test]
fn what_was_read_in_part_is_not_lost_to_another_way_of_reading() {
    let transport = MemoryTransport::from_fn(|_| Ok(Response::new("abcdef".into())));
    let read_two = || {
        let mut download = transport.file().expect("a download");
        let mut two = [0; 2];
        download.read_exact(&mut two).expect("two bytes");
        assert_eq!((&two, download.content_length()), (b"ab", Some(4)));
        download
    };
    assert_eq!(read_two().bytes(4).wait().expect("the rest"), "cdef");
    assert!(matches!(read_two().bytes(3).wait(), Err(Error::TooLarge { .. })));
    assert_eq!(read_two().into_iter().next().expect("the rest").expect("the rest"), "cdef");
    let mut download = read_two();
    assert_eq!(download.fill_buf().expect("the rest"), b"cdef");
    download.consume(1);
    current_thread().block_on(async {
        assert_eq!(download.chunk().await.expect("the rest").expect("the rest"), "def");
        assert_eq!((download.chunk().await.expect("the end"), download.content_length()), (None, Some(0)));
        let mut rest = String::new();
        read_two().into_async_read().read_to_string(&mut rest).await.expect("the rest");
        assert_eq!(rest, "cdef");
    });
}

#[test]
fn a_thread_waits_for_all_of_a_download_as_bytes_and_as_a_file() {
    let background = Background::start([whole(), whole(), stalled().and_close(), stalled().and_close()]);
    let client = background.client();
    assert_eq!(client.file().expect("a download").bytes(13).wait().expect("all"), "one\ntwo\nthree");
    let path = std::env::temp_dir().join(format!("courier-blocking-{}", std::process::id()));
    assert_eq!(client.file().expect("a download").save_to(&path).wait().expect("a file"), 13);
    assert_eq!(std::fs::read_to_string(&path).expect("a file"), "one\ntwo\nthree");
    let error = client.file().expect("a download").save_to(&path).wait().expect_err("it is cut short");
    assert!(matches!(error, SaveError::Download(Error::Transport { .. })), "{error:?}");
    assert!(matches!(client.file().expect("a download").bytes(99).wait(), Err(Error::Transport { .. })));
    std::fs::remove_file(path).expect("the file is as it was");
}

#[test]
fn the_idle_limit_holds_while_a_thread_waits() {
    let background = Background::start([stalled(), stalled(), stalled(), stalled()]);
    let client = background.impatient();
    let mut download = client.file().expect("a download");
    read_first(&mut download);
    let start = Instant::now();
    assert_idle(download.read(&mut [0]).expect_err("it is silent"));
    assert!(start.elapsed() >= IDLE, "{:?}", start.elapsed());

    assert!(matches!(client.file().expect("a download").bytes(99).wait(), Err(Error::Timeout { .. })));
    let path = std::env::temp_dir().join(format!("courier-idle-{}", std::process::id()));
    let error = client.file().expect("a download").save_to(&path).wait().expect_err("it is silent");
    assert!(matches!(error, SaveError::Download(Error::Timeout { .. })), "{error:?}");
    assert!(!path.exists());
    let error = client.file().expect("a download").into_iter().find_map(Result::err).expect("it is silent");
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
}

#[test]
fn a_thread_that_pauses_between_reads_is_not_silence_of_the_server() {
    let chunks = chunked(&["first", "last"]) + "0\r\n\r\n";
    let background = Background::start([Reply::raw(chunks), stalled()]);
    let client = background.impatient();
    let mut download = client.file().expect("a download");
    read_first(&mut download);
    thread::sleep(IDLE * 3);
    let mut rest = String::new();
    download.read_to_string(&mut rest).expect("the rest");
    assert_eq!(rest, "last");

    // The clock starts with the next read, also if nothing has come in the pause.
    let mut download = client.file().expect("a download");
    read_first(&mut download);
    thread::sleep(IDLE * 3);
    let start = Instant::now();
    assert_idle(download.read(&mut [0]).expect_err("it is silent"));
    assert!(start.elapsed() >= IDLE, "{:?}", start.elapsed());
}

#[test]
fn a_download_of_an_async_call_is_read_by_a_blocking_task() {
    let background = Background::start([whole(), stalled(), whole(), stalled()]);
    let client = background.impatient();
    for runtime in [multi_thread(), current_thread()] {
        runtime.block_on(async {
            let mut download = client.file_later().await.expect("a download");
            let reading = spawn_blocking(move || {
                let mut text = String::new();
                download.read_to_string(&mut text).map(|_| text)
            });
            assert_eq!(reading.await.expect("no panic").expect("all"), "one\ntwo\nthree");

            let mut download = client.file_later().await.expect("a download");
            let silent = spawn_blocking(move || {
                read_first(&mut download);
                download.read(&mut [0])
            });
            assert_idle(silent.await.expect("no panic").expect_err("it is silent"));
        });
    }
}

/// Nothing could come then: the thread that waits is the one that does the I/O of the async call.
#[test]
fn a_read_that_blocks_the_only_thread_of_its_runtime_ends_at_the_idle_limit() {
    let background = Background::start([Reply::raw(CHUNKED), Reply::raw(CHUNKED), Reply::raw(CHUNKED)]);
    let client = background.impatient();
    current_thread().block_on(async {
        let mut download = client.file_later().await.expect("a download");
        assert_idle(download.read(&mut [0]).expect_err("it blocks its own I/O"));
        // The same if the limit had begun to count before.
        let mut download = client.file_later().await.expect("a download");
        assert!(download.chunk().now_or_never().is_none());
        assert_idle(download.read(&mut [0]).expect_err("it blocks its own I/O"));
    });
    let runtime = multi_thread();
    let read = runtime.spawn(async move { client.file_later().await.expect("a download").read(&mut [0]) });
    assert_idle(runtime.block_on(read).expect("no panic").expect_err("it blocks its own I/O"));
}

/// A task that the transport left running on the thread reads there: it would wait for itself.
#[test]
fn a_read_on_the_thread_that_does_the_io_is_refused_and_no_deadlock() {
    struct Nested(MemoryTransport);
    impl Transport for Nested {
        fn inner(&self) -> Option<&dyn Transport> {
            None
        }

        fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
            let memory = self.0.clone();
            Box::pin(async move {
                tokio::spawn(async move {
                    let refused = |error: Error| {
                        let source = error.transport_error().expect("refused");
                        assert_eq!((source.kind(), source.may_have_arrived()), (TransportErrorKind::Refused, true));
                        assert_eq!(error.status().expect("the head was read"), 200);
                        let text = error.to_string();
                        assert!(text.contains("can't be read") && !text.contains("the request"), "{text}");
                        assert!(format!("{error:#}").contains("thread that does the I/O"), "{error:#}");
                    };
                    let download = || async { memory.file_later().await.expect("a download") };
                    refused(inner(download().await.read(&mut [0]).expect_err("a read")));
                    refused(inner(download().await.lines().next().expect("a line").expect_err("a line")));
                    refused(download().await.bytes(9).wait().expect_err("bytes"));
                    let saved = download().await.save_to("never").wait();
                    let Err(SaveError::Download(error)) = saved else { panic!("{saved:?}") };
                    refused(error);
                    let mut chunks = download().await.into_iter();
                    refused(chunks.next().expect("an error").expect_err("a chunk"));
                    assert!(chunks.next().is_none(), "a loop ends");
                })
                .await
                .expect("no panic");
                Ok(Response::new("7".into()))
            })
        }
    }
    let pending = || Body::from_stream(stream::pending::<Result<&str, io::Error>>());
    let memory = MemoryTransport::from_fn(move |_| Ok(Response::new(pending())));
    assert_eq!(Nested(memory).file().expect("a download").bytes(1).wait().expect("all"), "7");
}

#[test]
fn a_download_that_any_thread_drops_closes_its_connection() {
    let endless = || Reply::raw(CHUNKED).and_forever("5\r\nfirst\r\n".repeat(1000), Duration::ZERO);
    let mut background = Background::start([endless(), endless(), endless(), endless()]);
    let client = background.client();
    drop(client.file().expect("a download"));
    background.closed();

    let mut download = client.file().expect("a download");
    read_first(&mut download);
    thread::spawn(move || drop(download)).join().expect("no panic");
    background.closed();

    // Its own runtime runs on; the client is gone first.
    let runtime = multi_thread();
    let mut download = runtime.block_on(client.file_later()).expect("a download");
    drop(client);
    read_first(&mut download);
    drop(download);
    background.closed();

    let client = background.client();
    let mut download = client.file().expect("a download");
    thread::spawn(move || {
        read_first(&mut download);
        std::panic::resume_unwind(Box::new("on purpose"));
    })
    .join()
    .expect_err("it panics");
    background.closed();
}

#[test]
fn the_error_of_a_read_has_the_fitting_kind_and_the_error_of_the_call() {
    let reset = Body::from_stream(stream::iter([Err::<&str, _>(io::Error::from(io::ErrorKind::ConnectionReset))]));
    // Whoever reads would try it again, for ever.
    let interrupted = Body::from_stream(stream::iter([Err::<&str, _>(io::Error::from(io::ErrorKind::Interrupted))]));
    let cut = Body::from_stream(stream::iter([Err::<&str, _>(io::Error::from(io::ErrorKind::UnexpectedEof))]));
    let other = Body::from_stream(stream::iter([Err::<&str, _>("no")]));
    for (body, kind) in [
        (reset, io::ErrorKind::ConnectionReset),
        (interrupted, io::ErrorKind::Other),
        (cut, io::ErrorKind::ConnectionReset),
        (other, io::ErrorKind::Other),
        (Body::from("too large"), io::ErrorKind::Other),
    ] {
        let transport = MemoryTransport::new().answer(200, body);
        let mut download = transport.file_later().max_body_bytes(9 - 1).wait();
        let error = match &mut download {
            Ok(download) => download.read_to_end(&mut Vec::new()).expect_err("an error"),
            Err(_) => continue,
        };
        assert_eq!(error.kind(), kind);
        let error = inner(error);
        assert_eq!((error.status().expect("a head").as_u16(), error.endpoint().name()), (200, "file_later"));
    }
    let cut = [
        (Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort").and_close(), io::ErrorKind::ConnectionReset),
        (Reply::raw(chunked(&["short"])).and_close(), io::ErrorKind::ConnectionReset),
        (Reply::raw(chunked(&["short"]) + "3\r\n").and_reset(), io::ErrorKind::ConnectionReset),
        (Reply::raw(chunked(&["short"]) + "no\r\n"), io::ErrorKind::InvalidInput),
        (Reply::with_headers(200, &["content-encoding: gzip"], "plain"), io::ErrorKind::InvalidData),
    ];
    for (reply, kind) in cut {
        let background = Background::start([reply]);
        // A reset may overtake the head.
        let Ok(mut download) = background.client().file() else { continue };
        let error = download.read_to_end(&mut Vec::new()).expect_err("an error");
        assert_eq!(error.kind(), kind, "{error:?}");
    }
}

/// Every reader of records of a fixed size is such a loop.
#[test]
fn a_loop_that_ends_at_an_unexpected_end_of_file_does_not_take_a_lost_connection_for_one() {
    let records = |mut download: Download| {
        let (mut record, mut count) = ([0; 2], 0);
        loop {
            match download.read_exact(&mut record) {
                Ok(()) => count += 1,
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(count),
                Err(error) => return Err(error),
            }
        }
    };
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n01234567";
    let body = whole.len() - 8;
    for cut in body..=whole.len() {
        let background = Background::start([Reply::raw(&whole[..cut]).and_close()]);
        let read = records(background.client().file().expect("a download"));
        assert_eq!(read.is_ok(), cut == whole.len(), "{} of 8 bytes: {read:?}", cut - body);
    }
}

#[test]
fn after_an_error_a_download_has_no_end_which_would_pass_for_the_end_of_the_body() {
    let broken = || Body::from_stream(stream::iter([Ok("first"), Err(io::Error::other("cut"))]));
    let failed = || {
        let mut download = MemoryTransport::new().answer(200, broken()).file().expect("a download");
        let error = download.read_to_end(&mut Vec::new()).expect_err("an error");
        assert!(format!("{:#}", inner(error)).contains("cut"));
        download
    };
    assert_eq!(failed().content_length(), None);
    let assert_failed = |error: Error| assert!(error.to_string().contains("earlier"), "{error}");
    for _ in 0..2 {
        assert_failed(inner(failed().read(&mut [0]).expect_err("not the end")));
    }
    assert_failed(failed().bytes(99).wait().expect_err("not all"));
    let Err(SaveError::Download(error)) = failed().save_to("never").wait() else { panic!("not all") };
    assert_failed(error);
    current_thread().block_on(async {
        for _ in 0..2 {
            assert_failed(failed().chunk().await.expect_err("not the end"));
        }
        let error = failed().into_async_read().read_to_end(&mut Vec::new()).await.expect_err("not the end");
        assert_failed(inner(error));
        assert!(failed().next().await.is_none(), "a stream ends after an error");
    });
    assert!(!std::path::Path::new("never").exists());
}

/// A runtime that ended takes its connections with it.
#[test]
fn a_download_that_outlives_its_runtime_ends_with_an_error() {
    let background = Background::start([stalled(), stalled()]);
    let client = background.client();
    for runtime in [multi_thread(), current_thread()] {
        let mut download = runtime.block_on(client.file_later()).expect("a download");
        runtime.shutdown_background();
        let error = inner(download.read_to_end(&mut Vec::new()).expect_err("its connection is gone"));
        assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    }
}
