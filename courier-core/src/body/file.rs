//! A file as a body. It is opened for each attempt, and its length must not change.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::source::{Claim, Content, Produce};
use super::{Body, BoxError, Problem, Source};

/// How much is read at once. While the transport sends one chunk, the next one is read.
const CHUNK: u64 = 256 * 1024;

impl Body {
    /// Creates a body from a file. Its length is the current length of the file.
    ///
    /// The file is opened again for each attempt, and read while it is sent, so less than a megabyte of it is in memory. A request
    /// with it can be retried, and is then sent from its beginning.
    ///
    /// ```no_run
    /// use courier_core::{Body, ReqwestTransport, Result, Transport, endpoint};
    ///
    /// trait Backups: Transport {
    ///     #[endpoint(PUT, "/backups/<name>", ok = 201, idempotent)]
    ///     async fn store(&self, name: &str, #[raw("application/zstd")] backup: Body) -> Result<()>;
    /// }
    /// impl<T: Transport> Backups for T {}
    ///
    /// # async fn example(backups: ReqwestTransport) -> std::result::Result<(), Box<dyn std::error::Error>> {
    /// backups.store("monday", Body::from_file("monday.tar.zst")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The attempt timeout covers the upload. A large file needs a longer one: [`Call::attempt_timeout`](crate::Call::attempt_timeout).
    ///
    /// The file must keep its length until it is sent; other content of the same length isn't noticed. If it doesn't, the call ends with
    /// [`TransportErrorKind::RequestBody`](crate::transport::TransportErrorKind::RequestBody), and the server never gets a request
    /// that looks complete. A file that is only renamed or removed fails when the next attempt opens it.
    ///
    /// This function opens the file and reads its metadata, nothing else. It doesn't need a runtime. The content is read on
    /// tokio's threads for blocking work.
    ///
    /// # Errors
    ///
    /// Returns an error with the path if the file can't be opened, or if it is a directory or a pipe. A pipe has no length and can be
    /// read only once: open it, and use [`from_stream`](Self::from_stream).
    pub fn from_file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let length = length(path).map_err(|error| {
            io::Error::new(error.kind(), format!("the file `{}` can't be sent: {error}", path.display()))
        })?;
        // The current directory may be another one when an attempt opens the file.
        let path = std::path::absolute(path)?.into();
        Ok(Source::Shared(Claim::again(Reopened { path, length })).into_body())
    }
}

/// The length of a file that can be read.
fn length(path: &Path) -> io::Result<u64> {
    let check = |metadata: Metadata| {
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        if !metadata.is_file() {
            let fix = "it isn't a regular file, so its length isn't known; open it, and use `Body::from_stream`";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, fix));
        }
        Ok(metadata.len())
    };
    // Before it is opened: that would wait for the other end of a pipe.
    check(path.metadata()?)?;
    check(File::open(path)?.metadata()?)
}

/// Where the streams of all attempts come from.
#[derive(Clone)]
struct Reopened {
    path: Arc<Path>,
    length: u64,
}

impl Produce for Reopened {
    fn produce(&self) -> Body {
        let opening = self.clone();
        Body::new(Reader { left: self.length, next: Next::Unopened(opening) })
    }

    fn content(&self) -> Content<'_> {
        Content::File(&self.path)
    }
}

impl Reopened {
    fn open(self) -> Result<Open, Problem> {
        let file = File::open(&self.path).map_err(|error| self.unreadable(&error))?;
        let open = Open { left: self.length, source: self, file };
        open.check()?;
        Ok(open)
    }

    fn unreadable(&self, error: &io::Error) -> Problem {
        Problem(format!("the file `{}`: {error}", self.path.display()))
    }

    fn changed(&self, found: u64) -> Problem {
        let Self { path, length } = self;
        Problem(format!(
            "the file `{}` has {found} bytes now, and had {length} when `Body::from_file` was called; \
             send it when nothing writes to it, or send a copy",
            path.display()
        ))
    }
}

/// A file that is being read. It moves to the thread that reads, and back.
struct Open {
    file: File,
    source: Reopened,
    left: u64,
}

impl Open {
    /// The next chunk, which is empty only if the file is, and what reads the one after it.
    fn read(mut self) -> Step {
        let wanted = self.left.min(CHUNK);
        let mut chunk = vec![0; usize::try_from(wanted).expect("a chunk fits into memory")];
        let read = self.file.read_exact(&mut chunk);
        self.left -= wanted;
        if self.left == 0 || read.is_err() {
            // Before the last chunk is sent: with it, the request would be complete.
            self.check()?;
        }
        read.map_err(|error| self.source.unreadable(&error))?;
        Ok((chunk.into(), (self.left > 0).then_some(self)))
    }

    /// Checks that the file still has the length that the request announced.
    fn check(&self) -> Result<(), Problem> {
        let found = self.file.metadata().map_err(|error| self.source.unreadable(&error))?.len();
        if found == self.source.length { Ok(()) } else { Err(self.source.changed(found)) }
    }
}

type Step = Result<(Bytes, Option<Open>), Problem>;

/// The stream of one attempt.
struct Reader {
    /// How many bytes the transport hasn't taken yet.
    left: u64,
    next: Next,
}

enum Next {
    Unopened(Reopened),
    Reading(JoinHandle<Step>),
    Read(Step),
    Nothing,
}

impl Next {
    /// Reads on a thread that may block. Without a runtime, it reads here: a transport in memory may have no runtime.
    fn start(step: impl FnOnce() -> Step + Send + 'static) -> Self {
        match Handle::try_current() {
            Ok(runtime) => Self::Reading(runtime.spawn_blocking(step)),
            Err(_) => Self::Read(step()),
        }
    }
}

impl http_body::Body for Reader {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            self.next = match std::mem::replace(&mut self.next, Next::Nothing) {
                Next::Unopened(file) => Next::start(move || file.open()?.read()),
                Next::Reading(mut thread) => match Pin::new(&mut thread).poll(context) {
                    Poll::Ready(step) => Next::Read(step.unwrap_or_else(|error| {
                        Err(Problem(format!("the tokio runtime that reads the file was shut down ({error})")))
                    })),
                    Poll::Pending => {
                        self.next = Next::Reading(thread);
                        return Poll::Pending;
                    }
                },
                Next::Read(Ok((chunk, rest))) => {
                    self.next = rest.map_or(Next::Nothing, |rest| Next::start(move || rest.read()));
                    self.left -= chunk.len() as u64;
                    return Poll::Ready((!chunk.is_empty()).then(|| Ok(Frame::data(chunk))));
                }
                Next::Read(Err(problem)) => return Poll::Ready(Some(Err(problem.into()))),
                Next::Nothing => return Poll::Ready(None),
            };
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.next, Next::Nothing)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
