//! A download as a file, which is complete or as it was before.

mod part;

use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use thiserror::Error;
use tokio::task::JoinHandle;

use self::part::Part;
use super::Download;
use crate::error::Error;
use crate::transport::{TransportError, TransportErrorKind, runtime};

/// Why a download was not saved. The file is as it was before.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SaveError {
    /// The rest of the body can't be read: the error of [`Download::chunk`].
    #[error(transparent)]
    Download(#[from] Error),
    /// The file can't be written.
    #[error("the download can't be saved to `{}`: {reason}", path.display())]
    #[non_exhaustive]
    File {
        /// The path that was given to [`Download::save_to`].
        path: PathBuf,
        /// What the system reports. It is a part of this error's text, so it isn't its [`source`](std::error::Error::source).
        reason: io::Error,
    },
}

impl Download {
    /// Saves the rest of the body as a file, and returns its length in bytes. Await the result, or [`wait`](SaveTo::wait) for it.
    ///
    /// The file appears, or is replaced, when the download is complete. Until then, the bytes are in a file
    /// `.download-….part` in the same folder, which is removed if the download fails or the future is dropped. Only a process that is
    /// killed leaves it there.
    ///
    /// - A file that is replaced keeps its permissions, without setuid, setgid and sticky, but gets the owner of the process. One that
    ///   may not be written to isn't replaced. Its other hard links keep the old content.
    /// - A symbolic link stays: the file that it points to is replaced, or made.
    /// - Only a regular file is replaced: a folder, a device or a pipe is an error, before anything is read.
    /// - If two downloads are saved to the same path, the file is the whole of the one that ends last.
    /// - The file isn't forced to the disk (`sync_all`): if the machine loses power soon afterwards, it may be incomplete.
    ///
    /// # Errors
    ///
    /// Returns [`SaveError::Download`] if the body can't be read to its end, an earlier read has failed, or this isn't a tokio runtime, and
    /// [`SaveError::File`] if the file can't be written.
    pub fn save_to(self, path: impl AsRef<Path>) -> SaveTo {
        SaveTo { download: self, path: path.as_ref().to_owned(), stage: Stage::Unopened, length: 0 }
    }
}

/// The future of [`Download::save_to`]. Dropping it closes the connection and removes what was written.
#[derive(Debug)]
#[must_use = "nothing is saved unless this is awaited or waited for"]
pub struct SaveTo {
    pub(super) download: Download,
    path: PathBuf,
    stage: Stage,
    length: u64,
}

/// The file is opened, written and renamed on threads that may block. If nobody waits for such a task any more, the file that it
/// returns is removed.
#[derive(Debug)]
enum Stage {
    Unopened,
    Writing(JoinHandle<io::Result<Part>>),
    Reading(Part, Batch),
    Renaming(JoinHandle<io::Result<()>>),
    Done,
}

/// Chunks that are written at once: a thread for each would take longer than the writing.
#[derive(Debug, Default)]
struct Batch(Vec<Bytes>, usize);

impl Batch {
    const FULL: usize = 256 * 1024;

    fn push(&mut self, chunk: Bytes) {
        self.1 += chunk.len();
        // What a server sends in tiny chunks takes no more memory than other bodies.
        self.0.push(chunk);
    }

    fn is_full(&self) -> bool {
        self.1 >= Self::FULL || self.0.len() >= 1024
    }
}

impl SaveTo {
    fn poll_save(&mut self, context: &mut Context<'_>) -> Poll<Result<u64, SaveError>> {
        loop {
            self.stage = match &mut self.stage {
                Stage::Unopened => {
                    let path = self.path.clone();
                    Stage::Writing(self.spawn(move || Part::create(&path))?)
                }
                Stage::Writing(task) => {
                    let part = ready!(Pin::new(task).poll(context)).map_err(io::Error::other).and_then(|done| done);
                    Stage::Reading(part.map_err(|error| self.unsaved(error))?, Batch::default())
                }
                Stage::Reading(_, batch) => {
                    let end = match self.download.poll_rest(context)? {
                        Poll::Ready(Some(chunk)) => {
                            self.length += chunk.len() as u64;
                            batch.push(chunk);
                            if !batch.is_full() {
                                continue;
                            }
                            false
                        }
                        Poll::Ready(None) => true,
                        Poll::Pending if batch.0.is_empty() => return Poll::Pending,
                        // Write what has arrived.
                        Poll::Pending => false,
                    };
                    let Stage::Reading(part, batch) = std::mem::replace(&mut self.stage, Stage::Done) else {
                        unreachable!("it is matched here")
                    };
                    if end {
                        Stage::Renaming(self.spawn(move || part.write(&batch.0)?.becomes_its_target())?)
                    } else {
                        Stage::Writing(self.spawn(move || part.write(&batch.0))?)
                    }
                }
                Stage::Renaming(task) => {
                    let renamed = ready!(Pin::new(task).poll(context)).map_err(io::Error::other).and_then(|done| done);
                    renamed.map_err(|error| self.unsaved(error))?;
                    self.stage = Stage::Done;
                    return Poll::Ready(Ok(self.length));
                }
                Stage::Done => panic!("a download was saved, and polled again"),
            }
        }
    }

    fn unsaved(&self, reason: io::Error) -> SaveError {
        SaveError::File { path: self.path.clone(), reason }
    }

    /// Runs this in the caller's runtime, or in the one in which the response arrived.
    fn spawn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, Error> {
        let Some(runtime) = tokio::runtime::Handle::try_current().ok().or_else(|| self.download.limits.runtime())
        else {
            let refused = TransportError::sent(TransportErrorKind::Refused).with_reason(runtime::NONE);
            return Err(self.download.failed(refused));
        };
        Ok(runtime.spawn_blocking(work))
    }
}

impl Future for SaveTo {
    type Output = Result<u64, SaveError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let saved = ready!(self.poll_save(context));
        if saved.is_err() {
            // Remove the file now and not when this is dropped.
            self.stage = Stage::Done;
        }
        Poll::Ready(saved)
    }
}
