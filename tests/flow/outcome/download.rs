//! `Download` as an outcome: next to other outcomes, in an `Option`, with its response; read as chunks, at once or into a file.

use std::future::ready;
use std::io;
use std::time::{Duration, Instant};

use courier_core::messages::Problem;
use courier_core::transport::{TimeLimit, TransportErrorKind};
use courier_core::{Body, Download, Error, FromStream, MemoryTransport, Result, Transport, WithResponse, endpoint};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::io::AsyncReadExt as _;

mod save;

#[derive(Debug)]
enum Export {
    Ok(Download),
    NotFound(Problem),
    Moved(WithResponse<Download>),
}

/// A type that a user writes around a stream.
#[derive(Debug)]
struct Archive(Download);

impl FromStream for Archive {
    const ACCEPT: &'static str = "application/x-tar";

    fn from_stream(download: Download) -> Self {
        Self(download)
    }
}

trait Exports: Transport {
    #[endpoint(GET, "/export", ok = 200)]
    async fn only(&self) -> Result<Download>;
    #[endpoint(GET, "/export", ok = 200, not_found = 404, moved = 299)]
    async fn among_others(&self) -> Result<Export>;
    #[endpoint(GET, "/export", ok = 200 | 204)]
    async fn perhaps(&self) -> Result<Option<Download>>;
    #[endpoint(GET, "/export", ok = 200 | 204)]
    async fn perhaps_with_response(&self) -> Result<WithResponse<Option<Download>>>;
    #[endpoint(GET, "/export", some = 200, none = 404)]
    async fn some(&self) -> Result<Option<Download>>;
    #[endpoint(GET, "/export", ok = 200)]
    async fn archive(&self) -> Result<Archive>;
}
impl<T: Transport> Exports for T {}

fn chunks(chunks: &[&'static str]) -> Body {
    Body::from_stream(stream::iter(chunks.to_vec()).map(Ok::<_, io::Error>))
}

/// A stream that ends with an error after its first chunk.
fn broken() -> Body {
    Body::from_stream(stream::iter([Ok("first"), Err(io::Error::other("the disk is on fire"))]))
}

fn streaming(status: u16) -> MemoryTransport {
    MemoryTransport::new().answer(status, chunks(&["ab", "", "cde"]))
}

#[tokio::test]
async fn a_download_returns_the_chunks_without_empty_ones() {
    let download = streaming(200).only().await.expect("a download");
    assert_eq!((download.status().as_u16(), download.content_length()), (200, None));
    assert_eq!(download.try_collect::<Vec<_>>().await.expect("chunks"), ["ab", "cde"]);

    let mut download = streaming(200).only().await.expect("a download");
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "ab");
    assert_eq!(download.chunk().await.expect("a chunk").expect("a chunk"), "cde");
    assert_eq!(download.chunk().await.expect("the end"), None);
    assert_eq!(download.chunk().await.expect("still the end"), None);
}

#[tokio::test]
async fn the_position_in_a_download_is_reported_from_zero_to_its_end() {
    let positions = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&positions);
    let mut download = streaming(200).only().await.expect("a download");
    download = download.on_progress(move |position| seen.lock().expect("no panic").push(position));
    let taken = || std::mem::take(&mut *positions.lock().expect("no panic"));
    assert_eq!(taken(), [0; 0], "nothing is read yet");
    download.chunk().await.expect("a chunk");
    assert_eq!(taken(), [0, 2]);
    assert_eq!(download.bytes(3).await.expect("the rest"), "cde");
    assert_eq!(taken().last(), Some(&5));

    let whole = MemoryTransport::new().answer(200, "abc").only().await.expect("a download").on_progress(drop);
    assert_eq!((whole.content_length(), whole.bytes(3).await.expect("all").as_ref()), (Some(3), &b"abc"[..]));
}

#[tokio::test]
async fn a_whole_body_is_a_download_too_and_knows_its_length() {
    let download = MemoryTransport::new().answer(200, "abc").only().await.expect("a download");
    assert_eq!(download.content_length(), Some(3));
    assert_eq!(download.bytes(3).await.expect("within the limit"), "abc");
}

#[tokio::test]
async fn a_download_is_read_as_async_read_and_keeps_its_error() {
    let mut text = String::new();
    streaming(200).only().await.expect("a download").into_async_read().read_to_string(&mut text).await.expect("all");
    assert_eq!(text, "abcde");

    let download = MemoryTransport::new().answer(200, broken()).only().await.expect("a download");
    let error = download.into_async_read().read_to_string(&mut text).await.expect_err("it breaks");
    let inner = error.into_inner().expect("the error of the download").downcast::<Error>().expect("its type");
    assert_eq!(inner.status().map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn the_limit_of_bytes_is_kept() {
    let all = streaming(200).only().await.expect("a download").bytes(5).await;
    assert_eq!(all.expect("within the limit"), "abcde");
    let error = streaming(200).only().await.expect("a download").bytes(4).await.expect_err("one byte more");
    let Error::TooLarge { ref source, .. } = error else { panic!("{error:?}") };
    assert_eq!(source.kind(), TransportErrorKind::TooLarge { limit: 4 });
    assert!(error.to_string().contains("has more than 4 bytes: the limit that was passed to `bytes`; "), "{error}");
    assert_eq!((error.status().map(|status| status.as_u16()), error.endpoint().name()), (Some(200), "only"));
}

#[tokio::test]
async fn a_download_is_one_outcome_of_several() {
    let Export::Ok(download) = streaming(200).among_others().await.expect("an outcome") else { panic!("200 is `Ok`") };
    assert_eq!(download.bytes(9).await.expect("all"), "abcde");

    // An outcome that is read whole is read whole, also if it comes as a stream.
    for body in [Body::from(r#"{"message": "gone"}"#), chunks(&[r#"{"message""#, r#": "gone"}"#])] {
        let transport = MemoryTransport::new().answer(404, body);
        let Export::NotFound(problem) = transport.among_others().await.expect("an outcome") else {
            panic!("404 is `NotFound`")
        };
        assert_eq!(problem.message, "gone");
    }

    let moved = streaming(299).among_others().await.expect("an outcome");
    let Export::Moved(WithResponse { outcome, status, .. }) = moved else { panic!("299 is `Moved`") };
    assert_eq!((status.as_u16(), outcome.bytes(9).await.expect("all").as_ref()), (299, &b"abcde"[..]));
}

#[tokio::test]
async fn an_undeclared_status_is_an_error_with_its_whole_body() {
    for body in [Body::from("no"), chunks(&["n", "o"])] {
        let error = MemoryTransport::new().answer(500, body).only().await.expect_err("undeclared");
        assert!(matches!(error, Error::Status { .. }), "{error:?}");
        assert_eq!(error.body().map(|body| &body[..]), Some(&b"no"[..]));
    }
}

#[tokio::test]
async fn an_option_is_none_for_a_status_without_a_body() {
    assert!(MemoryTransport::new().answer(204, "").perhaps().await.expect("an outcome").is_none());
    let download = streaming(200).perhaps().await.expect("an outcome").expect("a body");
    assert_eq!(download.bytes(9).await.expect("all"), "abcde");

    let answered = streaming(200).perhaps_with_response().await.expect("an outcome");
    assert_eq!(answered.status, 200);
    assert_eq!(answered.outcome.expect("a body").bytes(9).await.expect("all"), "abcde");

    assert!(MemoryTransport::new().answer(404, "").some().await.expect("an outcome").is_none());
    assert!(streaming(200).some().await.expect("an outcome").is_some());
}

#[tokio::test]
async fn any_call_returns_its_response_with_a_download() {
    let transport = MemoryTransport::new().answer_with(200, [("etag", "\"v1\"")], chunks(&["abc"]));
    let answered = transport.only().with_response().await.expect("a download");
    assert_eq!(
        (answered.status.as_u16(), &answered.headers["etag"]),
        (200, answered.outcome.headers().get("etag").expect("etag"))
    );
    assert_eq!(answered.outcome.bytes(3).await.expect("all"), "abc");
}

#[tokio::test]
async fn a_custom_type_takes_the_stream_and_says_what_it_accepts() {
    let transport = streaming(200);
    let archive = transport.archive().await.expect("an archive");
    assert_eq!(archive.0.bytes(9).await.expect("all"), "abcde");
    drop(transport.clone().answer(200, "").only().await.expect("a download"));
    let accepted: Vec<_> = transport.requests().iter().map(|request| request.headers()["accept"].clone()).collect();
    assert_eq!(accepted, ["application/x-tar", "*/*"]);
    streaming(404).among_others().await.expect_err("not JSON");
}

#[tokio::test]
async fn the_error_of_a_stream_is_the_error_of_a_call_and_ends_the_stream() {
    let mut download = MemoryTransport::new().answer(200, broken()).only().await.expect("a download");
    assert_eq!(download.next().await.expect("a chunk").expect("a chunk"), "first");
    let error = download.next().await.expect("an error").expect_err("an error");
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert_eq!((error.status().map(|status| status.as_u16()), error.may_have_arrived()), (Some(200), true));
    assert_eq!(error.endpoint().name(), "only");
    let text = format!("{error:#}");
    assert!(text.contains("the disk is on fire") && text.contains("status was 200"), "{text}");
    assert!(download.next().await.is_none());

    // The same for an outcome that is read whole.
    let error = MemoryTransport::new().answer(404, broken()).among_others().await.expect_err("an error");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404), "{error:?}");
}

#[tokio::test]
async fn the_limit_of_a_call_holds_for_a_stream_and_the_default_does_not() {
    let megabytes = || stream::iter((0..9).map(|_| Ok::<_, io::Error>(vec![0; 1024 * 1024])));
    let download = MemoryTransport::new().answer(200, Body::from_stream(megabytes())).only().await.expect("a download");
    assert_eq!(download.bytes(u64::MAX).await.expect("all").len(), 9 * 1024 * 1024);

    let call = MemoryTransport::new().answer(200, Body::from_stream(megabytes()));
    let mut download = call.only().max_body_bytes(1024 * 1024).await.expect("a download");
    assert_eq!(download.chunk().await.expect("within the limit").expect("a chunk").len(), 1024 * 1024);
    let error = download.chunk().await.expect_err("more than the limit");
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn the_stream_timeout_ends_a_stream_that_never_pauses() {
    // It always has a chunk, for five seconds.
    let start = Instant::now();
    let endless = stream::repeat_with(|| Ok::<_, io::Error>("a"));
    let endless = endless.take_while(move |_| ready(start.elapsed() < Duration::from_secs(5)));
    let transport = MemoryTransport::new().answer(200, Body::from_stream(endless));
    let download = transport.only().stream_timeout(Duration::from_millis(50)).await.expect("a download");
    let error = download.filter_map(|chunk| ready(chunk.err())).next().await.expect("it takes too long");
    let Error::Timeout { source, .. } = error else { panic!("{error:?}") };
    assert!(matches!(source.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Stream, .. }), "{source:?}");
}

#[tokio::test]
async fn a_request_that_is_sent_without_a_declaration_has_a_whole_response() {
    let transport = MemoryTransport::new().answer(200, chunks(&["ab", "c"]));
    let response = transport.send(courier_core::Request::default()).await.expect("a response");
    assert_eq!(response.body().as_bytes().expect("whole"), "abc");
}

#[tokio::test]
async fn a_stream_that_quotes_a_secret_does_not_show_it() {
    let body = Body::from_stream(stream::iter([Err::<&str, _>(io::Error::other("bad key s3cret-t0ken"))]));
    let transport = MemoryTransport::new().answer(200, body);
    let call = transport.only().header("authorization", "Bearer s3cret-t0ken");
    let error = call.await.expect("a download").bytes(9).await.expect_err("an error");
    let texts = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(!texts.contains("s3cret-t0ken") && texts.contains("[redacted]"), "{texts}");
}
