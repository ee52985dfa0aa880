use std::sync::{Mutex, PoisonError};

use courier_core::http::Method;
use courier_core::transport::{BoxFuture, Response, TransportError};
use courier_core::{MemoryTransport, Request};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// So many chunks that a download can't end before it is interrupted.
const LENGTH: usize = 8 * 1024 * 1024;

/// A transport that keeps what was asked for, and with which status the server responded.
struct Watched {
    files: ReqwestTransport,
    seen: Mutex<Vec<Seen>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    method: Method,
    range: Option<String>,
    status: u16,
}

impl Transport for Watched {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async {
            let method = request.method().clone();
            let range = request.headers().get("range").map(|range| range.to_str().expect("ASCII").to_owned());
            let response = self.files.send(request).await?;
            let seen = Seen { method, range, status: response.status().as_u16() };
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
            Ok(response)
        })
    }

    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.files)
    }
}

async fn server() -> (Sandbox, Watched, TempDir) {
    let sandbox = Sandbox::start().await.expect("a free port");
    let files = ReqwestTransport::builder(sandbox.base_url()).bearer_token("any").build().expect("a client");
    (sandbox, Watched { files, seen: Mutex::default() }, tempfile::tempdir().expect("a folder"))
}

/// Bytes that are different at each place of the file.
fn content(length: usize) -> Vec<u8> {
    let mut content = Vec::with_capacity(length + 8);
    for number in 0..=length as u64 / 8 {
        content.extend_from_slice(&(number * 0x9e37_79b9).to_be_bytes());
    }
    content.truncate(length);
    content
}

async fn upload(files: &impl Files, content: Vec<u8>) {
    files.upload("file", content.into()).await.expect("stored");
}

async fn partial_file(folder: &Path) -> PartialFile {
    PartialFile::open(folder.join("file.part")).await.expect("a file")
}

/// Downloads about half of the file.
async fn half(files: &impl Files, folder: &Path) -> PartialFile {
    let mut partial = partial_file(folder).await;
    let bar = ProgressBar::hidden();
    bar.unset_length();
    tokio::select! {
        outcome = partial.fetch(files, "file", &bar) => panic!("it wasn't interrupted: {outcome:?}"),
        () = middle_of(&bar) => {}
    }
    partial
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string().expect("UTF-8");
    fs::read_dir(folder).expect("a folder").map(name).collect()
}

#[tokio::test]
async fn a_file_is_uploaded_and_its_interrupted_download_continued_verified_and_renamed() {
    let (_sandbox, files, folder) = server().await;
    let source = folder.path().join("a file.bin");
    fs::write(&source, content(LENGTH)).expect("a file");
    let target = folder.path().join("downloaded");
    fs::create_dir(&target).expect("a folder");

    let path = transfer(&files, &source, &target).await.expect("a complete file");
    assert_eq!(names(&target), ["a file.bin"], "the partial file has been renamed");
    assert!(fs::read(path).expect("a file") == content(LENGTH), "another content");

    let seen = files.seen.lock().expect("no panic").clone();
    let [stored, whole, part] = &seen[..] else { panic!("three requests: {seen:?}") };
    assert_eq!(*stored, Seen { method: Method::PUT, range: None, status: 201 });
    assert_eq!(*whole, Seen { method: Method::GET, range: None, status: 200 });
    assert_eq!((&part.method, part.status), (&Method::GET, 206));
    let range = part.range.as_deref().expect("a range");
    let start: usize =
        range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-')).expect(range).parse().expect(range);
    assert!((LENGTH / 2..LENGTH).contains(&start), "{range}");
}

#[tokio::test]
async fn the_smallest_files_are_transferred_too() {
    let (_sandbox, files, folder) = server().await;
    for length in [0, 1, 2] {
        let source = folder.path().join(format!("{length}.bin"));
        fs::write(&source, content(length)).expect("a file");
        let target = folder.path().join(format!("{length}"));
        fs::create_dir(&target).expect("a folder");
        let path = transfer(&files, &source, &target).await.expect("a complete file");
        assert_eq!(fs::read(path).expect("a file"), content(length));
    }
}

#[tokio::test]
async fn a_file_that_was_replaced_meanwhile_is_downloaded_from_its_beginning() {
    let (_sandbox, files, folder) = server().await;
    for new in [content(LENGTH + 1)[1..].to_vec(), b"short".to_vec()] {
        upload(&files, content(LENGTH)).await;
        let mut partial = half(&files, folder.path()).await;
        upload(&files, new.clone()).await;
        partial.fetch(&files, "file", &ProgressBar::hidden()).await.expect("the new file");
        let target = folder.path().join("file");
        partial.verify_and_rename(&target).await.expect("the checksum of the new file");
        assert!(fs::read(target).expect("a file") == new, "another content");
    }
}

#[tokio::test]
async fn a_damaged_file_is_neither_renamed_nor_kept() {
    let (_sandbox, files, folder) = server().await;
    upload(&files, content(LENGTH)).await;
    let mut partial = half(&files, folder.path()).await;
    let mut part = fs::read(folder.path().join("file.part")).expect("a part");
    part[7] ^= 1;
    fs::write(folder.path().join("file.part"), part).expect("a part");

    partial.fetch(&files, "file", &ProgressBar::hidden()).await.expect("the rest");
    let error = partial.verify_and_rename(&folder.path().join("file")).await.expect_err("one bit differs");
    assert!(error.to_string().contains("damaged on the way"), "{error}");
    assert!(names(folder.path()).is_empty());
}

/// A server that responds with these headers to the first request, and with those to the second.
fn scripted(
    first: &[(&'static str, &'static str)],
    status: u16,
    second: &[(&'static str, &'static str)],
) -> MemoryTransport {
    let headers = |headers: &[(&'static str, &'static str)]| headers.to_vec();
    MemoryTransport::new().answer_with(200, headers(first), "abc").answer_with(status, headers(second), "def")
}

#[tokio::test]
async fn a_part_that_begins_elsewhere_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for other in [&[("content-range", "bytes 2-4/6")][..], &[("content-range", "bytes 30-32/33")], &[]] {
        let files = scripted(&[("etag", "\"1\"")], 206, other);
        let mut partial = partial_file(folder.path()).await;
        partial.fetch(&files, "file", &ProgressBar::hidden()).await.expect("the first part");
        let error = partial.fetch(&files, "file", &ProgressBar::hidden()).await.expect_err("another part");
        assert!(error.to_string().contains("another part"), "{error}");
        assert_eq!(files.requests()[1].headers()["range"], "bytes=3-");
        assert_eq!(files.requests()[1].headers()["if-range"], "\"1\"");
        assert_eq!(fs::read(folder.path().join("file.part")).expect("a part"), b"abc");
    }
}

#[tokio::test]
async fn without_a_strong_etag_a_download_starts_over() {
    let folder = tempfile::tempdir().expect("a folder");
    for headers in [&[("etag", "W/\"1\"")][..], &[]] {
        let files = scripted(headers, 200, headers);
        let mut partial = partial_file(folder.path()).await;
        for expected in [b"abc", b"def"] {
            partial.fetch(&files, "file", &ProgressBar::hidden()).await.expect("all of it");
            assert_eq!(fs::read(folder.path().join("file.part")).expect("a file"), expected);
        }
        assert!(files.requests().iter().all(|request| !request.headers().contains_key("range")));
    }
}

#[tokio::test]
async fn a_file_is_renamed_only_with_the_servers_sha_256() {
    let folder = tempfile::tempdir().expect("a folder");
    // By `printf abc | openssl dgst -sha256 -binary | base64`.
    let sha_256 = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
    let two = "sha-512=:AAAA:, sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
    for (digest, problem) in [
        (sha_256, None),
        (two, None),
        ("sha-256=:AAAA:", Some("damaged on the way")),
        ("sha-512=:AAAA:", Some("sent no SHA-256")),
        ("sha-256=AAAA", Some("sent no SHA-256")),
        ("", Some("sent no SHA-256")),
    ] {
        let files = MemoryTransport::new().answer_with(200, vec![("repr-digest", digest)], "abc");
        let mut partial = partial_file(folder.path()).await;
        partial.fetch(&files, "file", &ProgressBar::hidden()).await.expect("all of it");
        let outcome = partial.verify_and_rename(&folder.path().join("file")).await.map_err(|error| error.to_string());
        match problem {
            None => assert_eq!(outcome, Ok(()), "{digest}"),
            Some(problem) => assert!(outcome.is_err_and(|error| error.contains(problem)), "{digest}"),
        }
    }
}

#[tokio::test]
async fn an_upload_of_50_mb_may_take_59_seconds() {
    const END: &[u8] = b"the end";
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base_url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a client");
        let mut request = Vec::new();
        while !request.ends_with(END) {
            assert_ne!(connection.read_buf(&mut request).await.expect("a client that sends"), 0);
        }
        tokio::time::pause();
        tokio::time::sleep(Duration::from_secs(59)).await;
        tokio::time::resume();
        let response = b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        connection.write_all(response).await.expect("a client that waits");
    });
    let files = ReqwestTransport::builder(base_url).bearer_token("any").build().expect("a client");
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("file");
    fs::write(&source, [&vec![b'a'; 50_000_000], END].concat()).expect("a file");

    let error = transfer(&files, &source, folder.path()).await.expect_err("the server is gone after the upload");
    server.await.expect("no panic");
    assert!(error.to_string().starts_with("download (GET"), "{error}");
}
