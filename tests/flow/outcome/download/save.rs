//! A saved file is complete, or as it was before.

use std::path::{Path, PathBuf};

use courier_core::outcome::SaveError;
use futures_util::FutureExt as _;
use tokio::runtime::Builder;

use super::*;

#[cfg(unix)]
mod unix;

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("courier-save-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("export.csv")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Saves `abcde`.
async fn save(path: impl AsRef<Path>) -> Result<u64, SaveError> {
    streaming(200).only().await.expect("a download").save_to(path).await
}

/// The reason why it can't be saved there.
async fn file_error(path: impl AsRef<Path>) -> io::Error {
    let error = save(&path).await.expect_err("it can't be saved there");
    assert!(error.to_string().contains(&format!("`{}`", path.as_ref().display())), "{error}");
    let SaveError::File { reason, .. } = error else { panic!("{error:?}") };
    reason
}

/// Some bytes, and then nothing more.
fn stalled() -> Body {
    Body::from_stream(stream::iter([Ok::<_, io::Error>("a")]).chain(stream::pending()))
}

/// A task that nobody waits for any more removes its file when it ends.
async fn assert_becomes_empty(folder: &Folder) {
    for _ in 0..1000 {
        if folder.names().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{:?}", folder.names());
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[tokio::test]
async fn a_saved_file_has_every_byte_and_no_other_file_is_left() {
    let folder = Folder::new("whole");
    let saved = streaming(200).only().await.expect("a download").save_to(folder.file()).await;
    assert_eq!(saved.expect("a file"), 5);
    assert_eq!((read(&folder.file()).as_str(), folder.names()), ("abcde", vec!["export.csv".to_owned()]));
}

#[tokio::test]
async fn an_existing_file_is_replaced_only_at_the_end() {
    let folder = Folder::new("replaced");
    std::fs::write(folder.file(), "before").expect("a file");
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<&str>();
    let body = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|chunk| (Ok::<_, io::Error>(chunk), receiver))
    });
    let download = MemoryTransport::new().answer(200, Body::from_stream(body)).only().await.expect("a download");
    let file = folder.file();
    let saving = tokio::spawn(async move { download.save_to(file).await });
    sender.send("after").expect("a reader");
    while folder.names().len() < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(read(&folder.file()), "before");
    drop(sender);
    assert_eq!(saving.await.expect("no panic").expect("a file"), 5);
    assert_eq!((read(&folder.file()).as_str(), folder.names().len()), ("after", 1));
}

#[tokio::test]
async fn a_failed_download_leaves_the_existing_file_and_no_other() {
    let folder = Folder::new("broken");
    std::fs::write(folder.file(), "before").expect("a file");
    let download = MemoryTransport::new().answer(200, broken()).only().await.expect("a download");
    let error = download.save_to(folder.file()).await.expect_err("it breaks");
    assert!(matches!(error, SaveError::Download(Error::Transport { .. })), "{error:?}");
    assert_eq!((read(&folder.file()).as_str(), folder.names().len()), ("before", 1));
}

#[tokio::test]
async fn a_download_dropped_at_any_point_leaves_no_file() {
    let folder = Folder::new("dropped");
    for polls in [0, 1, 2, 3, 5, 8, 13, 100] {
        let download = MemoryTransport::new().answer(200, stalled()).only().await.expect("a download");
        let mut saving = Box::pin(download.save_to(folder.file()));
        for _ in 0..polls {
            assert!(saving.as_mut().now_or_never().is_none());
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        drop(saving);
    }
    assert_becomes_empty(&folder).await;
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_named_with_the_reason() {
    let folder = Folder::new("missing");
    for path in [folder.0.join("missing").join("export.csv"), PathBuf::from("/"), PathBuf::new()] {
        let error = streaming(200).only().await.expect("a download").save_to(&path).await.expect_err("no such folder");
        assert!(matches!(error, SaveError::File { .. }), "{error:?}");
        assert!(error.to_string().contains(&format!("`{}`", path.display())), "{error}");
    }
    // A folder is not replaced.
    let error = streaming(200).only().await.expect("a download").save_to(&folder.0).await.expect_err("a folder");
    assert!(matches!(error, SaveError::File { .. }), "{error:?}");
    assert!(folder.names().is_empty());
}

#[tokio::test]
async fn an_empty_download_is_an_empty_file() {
    let folder = Folder::new("empty");
    let download = MemoryTransport::new().answer(200, "").only().await.expect("a download");
    assert_eq!(download.save_to(folder.file()).await.expect("a file"), 0);
    assert_eq!(read(&folder.file()), "");
}

#[tokio::test]
async fn a_path_that_ends_in_no_name_is_an_error_and_makes_nothing() {
    let folder = Folder::new("no-name");
    for path in ["", "/", "..", "new/", "new/.", "new/..", "new//"] {
        let path = if path.starts_with("new") { folder.0.join(path) } else { path.into() };
        assert_eq!(file_error(&path).await.kind(), io::ErrorKind::InvalidInput, "{path:?}");
    }
    assert!(folder.names().is_empty());
}

#[tokio::test]
async fn a_name_may_have_the_maximum_length() {
    let folder = Folder::new("long");
    let longest = folder.0.join("x".repeat(255));
    save(&longest).await.expect("a file");
    assert_eq!((read(&longest).as_str(), folder.names().len()), ("abcde", 1));
    file_error(folder.0.join("x".repeat(256))).await;
    assert_eq!(folder.names().len(), 1);
}

#[tokio::test]
async fn of_downloads_saved_at_once_to_the_same_path_one_is_whole() {
    let folder = Folder::new("at-once");
    let saving = (0..20).map(|number| {
        let file = folder.file();
        async move {
            let pieces = stream::iter((0..50).map(move |_| Ok::<_, io::Error>(format!("{number:02}").repeat(1000))));
            let paced = pieces.then(|piece| async {
                tokio::task::yield_now().await;
                piece
            });
            let transport = MemoryTransport::new().answer(200, Body::from_stream(paced));
            transport.only().await.expect("a download").save_to(file).await
        }
    });
    for saved in futures_util::future::join_all(saving).await {
        assert_eq!(saved.expect("a file"), 100_000);
    }
    let text = read(&folder.file());
    assert_eq!((text.len(), text.matches(&text[..2]).count(), folder.names().len()), (100_000, 50_000, 1));
}

#[tokio::test]
async fn a_million_chunks_of_a_byte_are_saved() {
    let folder = Folder::new("tiny");
    let chunks = stream::iter((0..1_000_000).map(|_| Ok::<_, io::Error>("x")));
    let download = MemoryTransport::new().answer(200, Body::from_stream(chunks)).only().await.expect("a download");
    assert_eq!(download.save_to(folder.file()).await.expect("a file"), 1_000_000);
    assert_eq!(read(&folder.file()).len(), 1_000_000);
}

#[tokio::test]
async fn a_panic_of_the_body_leaves_no_file() {
    let folder = Folder::new("panic");
    let file = folder.file();
    let panicking = stream::iter(0..300).map(|number| {
        assert!(number < 200, "on purpose");
        Ok::<_, io::Error>(vec![0; 10_000])
    });
    let download = MemoryTransport::new().answer(200, Body::from_stream(panicking)).only().await.expect("a download");
    let panicked = tokio::spawn(async move { download.save_to(file).await }).await.expect_err("it panics");
    assert!(panicked.is_panic());
    assert_becomes_empty(&folder).await;
}

#[tokio::test]
async fn a_folder_that_changes_in_the_meantime_is_an_error_and_leaves_no_file() {
    let folder = Folder::new("changed");
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel::<&str>();
    let body = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|chunk| (Ok::<_, io::Error>(chunk), receiver))
    });
    let download = MemoryTransport::new().answer(200, Body::from_stream(body)).only().await.expect("a download");
    let mut saving = Box::pin(download.save_to(folder.file()));
    while folder.names().is_empty() {
        assert!(saving.as_mut().now_or_never().is_none());
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    std::fs::create_dir(folder.file()).expect("a folder");
    drop(sender);
    let SaveError::File { path, .. } = saving.await.expect_err("a folder is in its place") else { panic!("a file's") };
    assert_eq!((path, folder.names()), (folder.file(), vec!["export.csv".to_owned()]));
}

#[test]
fn a_runtime_that_ends_while_a_download_is_saved_leaves_no_file() {
    let folder = Folder::new("ended");
    for milliseconds in [0, 1, 5] {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
        let file = folder.file();
        runtime.spawn(async move {
            let download = MemoryTransport::new().answer(200, stalled()).only().await.expect("a download");
            download.save_to(file).await
        });
        std::thread::sleep(Duration::from_millis(milliseconds));
        drop(runtime);
        assert!(folder.names().is_empty(), "{:?}", folder.names());
    }
}

#[test]
fn a_download_is_saved_wherever_it_is_polled_if_there_was_a_runtime() {
    let folder = Folder::new("elsewhere");
    let runtime = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let download = runtime.block_on(async { streaming(200).only().await }).expect("a download");
    let mut saving = Box::pin(download.save_to(folder.file()));
    let length = loop {
        if let Some(length) = saving.as_mut().now_or_never() {
            break length;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert_eq!((length.expect("a file"), read(&folder.file()).as_str()), (5, "abcde"));

    let download = streaming(200).only().now_or_never().expect("at once").expect("a download");
    let saved = download.save_to(folder.0.join("other")).now_or_never().expect("at once");
    let Err(SaveError::Download(error)) = saved else { panic!("{saved:?}") };
    assert!(error.to_string().contains("there is no tokio runtime here"), "{error}");
    assert_eq!(folder.names(), ["export.csv"]);
}
