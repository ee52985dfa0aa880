//! A saved file is complete, or as it was before.

use std::path::{Path, PathBuf};

use courier_core::outcome::SaveError;
use futures_util::FutureExt as _;

use super::*;

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
    let endless = || Body::from_stream(stream::iter([Ok::<_, io::Error>("a")]).chain(stream::pending()));
    for polls in [0, 1, 2, 3, 5, 8, 13, 100] {
        let download = MemoryTransport::new().answer(200, endless()).only().await.expect("a download");
        let mut saving = Box::pin(download.save_to(folder.file()));
        for _ in 0..polls {
            assert!(saving.as_mut().now_or_never().is_none());
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        drop(saving);
    }
    // A file that was being made when nobody waited any more is removed by the thread that made it.
    for _ in 0..1000 {
        if folder.names().is_empty() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("{:?}", folder.names());
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_named_with_the_reason() {
    let folder = Folder::new("missing");
    for path in [folder.0.join("missing").join("export.csv"), PathBuf::from("/"), PathBuf::new()] {
        let error = streaming(200).only().await.expect("a download").save_to(&path).await.expect_err("no such folder");
        assert!(matches!(error, SaveError::File { .. }), "{error:?}");
        assert!(error.to_string().contains(&format!("{path:?}")), "{error}");
    }
    // A folder is not replaced.
    let error = streaming(200).only().await.expect("a download").save_to(&folder.0).await.expect_err("a folder");
    assert!(matches!(error, SaveError::File { .. }), "{error:?}");
    assert!(folder.names().is_empty());
}
