//! A stream that records everything that passes it, in both directions: what someone at this point can read.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The bytes of all connections. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Record(Arc<Mutex<Vec<u8>>>);

impl Record {
    fn add(&self, bytes: &[u8]) {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
    }

    /// Whether these bytes passed.
    pub(super) fn contains(&self, text: &str) -> bool {
        let record = self.0.lock().expect("no panic");
        assert!(!record.is_empty(), "nothing was recorded");
        record.windows(text.len()).any(|window| window == text.as_bytes())
    }

    /// Asserts that none of these texts passed. It doesn't print them, since they are secret.
    pub(super) fn assert_without(&self, texts: &[&str]) {
        for (position, text) in texts.iter().enumerate() {
            assert!(!self.contains(text), "text {position} passed");
        }
    }
}

pub(super) struct Recorded<S> {
    stream: S,
    record: Record,
}

impl<S> Recorded<S> {
    pub(super) fn new(stream: S, record: &Record) -> Self {
        Self { stream, record: record.clone() }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Recorded<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        this.record.add(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Recorded<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes))?;
        this.record.add(&bytes[..written]);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
