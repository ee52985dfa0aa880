//! A file as a body.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use super::*;

/// A file that is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = std::env::temp_dir().join(format!("courier-body-{name}-{}", std::process::id()));
        fs::write(&path, content).expect("a file");
        Self(path)
    }

    fn body(&self) -> Body {
        Body::from_file(&self.0).expect("a body")
    }

    fn append(&self, more: &[u8]) {
        let mut file = OpenOptions::new().append(true).open(&self.0).expect("a file");
        file.write_all(more).expect("space");
    }

    fn truncate(&self, length: u64) {
        OpenOptions::new().write(true).open(&self.0).expect("a file").set_len(length).expect("a file");
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        fs::remove_file(&self.0).ok();
    }
}

fn content(length: usize) -> Vec<u8> {
    (0..=250_u8).cycle().take(length).collect()
}

/// The chunks of a body up to its end or its error.
async fn chunks_of(mut body: Body) -> (Vec<Bytes>, Option<String>) {
    let mut chunks = Vec::new();
    loop {
        match std::future::poll_fn(|context| body.poll_chunk(context)).await {
            Some(Ok(chunk)) => chunks.push(chunk),
            Some(Err(error)) => return (chunks, Some(error.to_string())),
            None => return (chunks, None),
        }
    }
}

#[tokio::test]
async fn a_file_is_read_from_its_beginning_by_each_attempt_in_chunks() {
    const CHUNK: usize = 256 * 1024;
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 1_000_000] {
        let content = content(length);
        let file = Temporary::new("chunks", &content);
        let mut body = file.body();
        for _ in 0..3 {
            let attempt = body.for_attempt().expect("a file");
            assert_eq!(attempt.length(), Some(length as u64));
            let (chunks, error) = chunks_of(attempt).await;
            assert_eq!(error, None);
            assert!(chunks.iter().all(|chunk| chunk.len() <= CHUNK), "{length}");
            assert!(chunks.concat() == content, "{length}");
        }
        assert!(body.try_clone().is_some() && !body.is_spent());
    }
}

#[test]
fn a_file_is_read_without_a_runtime_too() {
    let content = content(300_000);
    let file = Temporary::new("no-runtime", &content);
    assert!(read(file.body()).expect("a file") == content);
}

#[tokio::test]
async fn the_length_that_is_left_is_known_while_a_file_is_read() {
    let file = Temporary::new("left", content(300_000));
    let mut body = file.body();
    let chunk = std::future::poll_fn(|context| body.poll_chunk(context)).await.expect("a chunk").expect("a chunk");
    assert_eq!(body.length(), Some(300_000 - chunk.len() as u64));
}

#[test]
fn what_is_not_a_file_is_refused_with_its_path_when_the_body_is_made() {
    let missing = std::env::temp_dir().join("courier-body-missing");
    let error = Body::from_file(&missing).expect_err("missing");
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert!(error.to_string().starts_with(&format!("the file `{}` can't be sent: ", missing.display())), "{error}");

    let folder = std::env::temp_dir();
    let error = Body::from_file(&folder).expect_err("a directory");
    assert_eq!(error.kind(), std::io::ErrorKind::IsADirectory);
    assert_eq!(error.to_string(), format!("the file `{}` can't be sent: it is a directory", folder.display()));
    assert!(Body::from_file("").is_err());
}

#[cfg(unix)]
#[test]
fn a_device_is_refused_since_its_length_is_not_known() {
    let error = Body::from_file("/dev/null").expect_err("a device");
    assert!(error.to_string().contains("its length isn't known; open it, and use `Body::from_stream`"), "{error}");
}

#[tokio::test]
async fn a_file_that_changed_its_length_between_attempts_is_an_error_before_its_first_byte() {
    type Change = fn(&Temporary);
    let changes: [(Change, u64); 3] =
        [(|file| file.append(b"!"), 300_001), (|file| file.truncate(299_999), 299_999), (|file| file.truncate(0), 0)];
    for (change, found) in changes {
        let file = Temporary::new("between", content(300_000));
        let mut body = file.body();
        assert_eq!(chunks_of(body.for_attempt().expect("a file")).await.1, None);
        change(&file);
        let (chunks, error) = chunks_of(body.for_attempt().expect("a file")).await;
        assert!(chunks.is_empty(), "something was read");
        assert_eq!(
            error.expect("another length"),
            format!(
                "the file `{}` has {found} bytes now, and had 300000 when `Body::from_file` was called; send it when nothing \
                 writes to it, or send a copy",
                file.0.display()
            )
        );
    }
}

#[tokio::test]
async fn a_file_that_changes_its_length_while_it_is_read_is_never_read_to_its_end() {
    for is_longer in [true, false] {
        let file = Temporary::new("while", content(1_000_000));
        let mut body = file.body();
        let first = std::future::poll_fn(|context| body.poll_chunk(context)).await.expect("a chunk").expect("a chunk");
        if is_longer {
            file.append(b"!");
        } else {
            file.truncate(500_000);
        }
        let (rest, error) = chunks_of(body).await;
        assert!(first.len() + rest.concat().len() < 1_000_000, "it passed for complete");
        let found = if is_longer { "has 1000001 bytes now" } else { "has 500000 bytes now" };
        assert!(error.expect("another length").contains(found));
    }
}

#[tokio::test]
async fn a_file_that_is_gone_is_an_error_with_its_path() {
    let file = Temporary::new("gone", "abc");
    let body = file.body();
    fs::remove_file(&file.0).expect("a file");
    let error = chunks_of(body).await.1.expect("no file");
    assert!(error.starts_with(&format!("the file `{}`: ", file.0.display())), "{error}");
}

#[test]
fn a_file_of_a_relative_path_is_found_wherever_it_is_read() {
    let body = Body::from_file("Cargo.toml").expect("this crate's");
    let Content::File(path) = body.content() else { panic!("a file") };
    assert_eq!(path, std::env::current_dir().expect("a folder").join("Cargo.toml"));
}
