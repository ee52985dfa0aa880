//! A download as a file that is there whole, or not at all.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use thiserror::Error;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;
use tokio::task::spawn_blocking;

use super::Download;
use crate::error::Error;

/// Why a download was not saved. The file is as it was before, or still missing.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SaveError {
    /// The rest of the body can't be read.
    #[error(transparent)]
    Download(#[from] Error),
    /// The file can't be written.
    #[error("the download can't be saved to {path:?}: {source}")]
    #[non_exhaustive]
    File {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Download {
    /// Writes all that is still to come into a file, and returns how many bytes that is.
    ///
    /// The file appears, or is replaced, when the download is complete: until then the bytes go into a file next to it, named
    /// `.NAME.….part`, which is removed if the download fails or this future is dropped. It isn't forced to the disk: if the
    /// machine loses power in the next seconds, the file may be incomplete.
    ///
    /// It needs a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`SaveError`]: the body can't be read to its end, or the file can't be written.
    pub async fn save_to(mut self, path: impl AsRef<Path>) -> Result<u64, SaveError> {
        let path = path.as_ref();
        let failed = |source| SaveError::File { path: path.to_owned(), source };
        let (mut file, part) = Part::create(path).await.map_err(failed)?;
        let mut length = 0;
        while let Some(chunk) = self.chunk().await? {
            file.write_all(&chunk).await.map_err(failed)?;
            length += chunk.len() as u64;
        }
        // What was written is still on its way, and its error with it.
        file.flush().await.map_err(failed)?;
        drop(file);
        part.becomes(path).await.map_err(failed)?;
        Ok(length)
    }
}

/// A file that isn't complete yet. It is removed when this is dropped.
struct Part(Option<PathBuf>);

impl Part {
    /// A new file in the same folder, and so on the same file system: it can be renamed.
    async fn create(target: &Path) -> io::Result<(File, Self)> {
        let Some(name) = target.file_name().map(ToOwned::to_owned) else {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the path doesn't end in a file's name"));
        };
        let target = target.to_owned();
        // Whoever waits for it may be gone by the time there is a file: then it is removed with what this returns.
        let created = spawn_blocking(move || {
            loop {
                let path = target.with_file_name(name_of_part(name.clone()));
                match OpenOptions::new().write(true).create_new(true).open(&path) {
                    Ok(file) => return Ok((file, Self(Some(path)))),
                    // Of an earlier process that had the same number and was killed.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                    Err(error) => return Err(error),
                }
            }
        });
        let (file, part) = created.await.map_err(io::Error::other)??;
        Ok((File::from_std(file), part))
    }

    async fn becomes(mut self, target: &Path) -> io::Result<()> {
        if let Some(part) = &self.0 {
            tokio::fs::rename(part, target).await?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // It may not be there: nothing else can be done about it here.
            let _removed = std::fs::remove_file(path);
        }
    }
}

/// `.NAME.PROCESS-NUMBER.part`
fn name_of_part(name: OsString) -> OsString {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut part = OsString::from(".");
    part.push(name);
    part.push(format!(".{}-{number}.part", std::process::id()));
    part
}
