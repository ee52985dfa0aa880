//! The stream that hyper reads and writes, and a second look at its socket.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};

use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::transport::connector::Io;

/// A second look at a connection's socket, without reading from it. It doesn't keep the socket open.
pub(in crate::transport::hyper) struct Probe(Weak<dyn Quiet>);

impl Probe {
    /// Whether the socket is open, and nothing has arrived that wasn't read.
    ///
    /// If not, the connection may have been closed by the server, or have bytes that nobody asked for. It costs one system call.
    pub(in crate::transport::hyper) fn is_quiet(&self) -> bool {
        self.0.upgrade().is_some_and(|socket| socket.is_quiet())
    }
}

trait Quiet: Send + Sync {
    fn is_quiet(&self) -> bool;
}

impl<S: Send> Quiet for Mutex<S>
where
    for<'s> SockRef<'s>: From<&'s S>,
{
    fn is_quiet(&self) -> bool {
        // It is locked for one system call at most. Right after a response, its connection may still be flushing what it hasn't written.
        let socket = self.lock().unwrap_or_else(PoisonError::into_inner);
        let peeked = SockRef::from(&*socket).peek(&mut [MaybeUninit::uninit()]);
        peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

/// A socket that can be probed while a connection owns it.
///
/// Reads, writes and probes lock it, for one system call each. tokio's own
/// `poll_read`, which needs `&mut`, notices that a socket has been drained, and so saves the next read that would find nothing.
struct Socket<S>(Arc<Mutex<S>>);

/// The stream of a socket, and its probe.
pub(in crate::transport::hyper) fn probed<S>(socket: S) -> (Io, Probe)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    for<'s> SockRef<'s>: From<&'s S>,
{
    let socket = Arc::new(Mutex::new(socket));
    let probed: Weak<Mutex<S>> = Arc::downgrade(&socket);
    (Box::new(TokioIo::new(Socket(socket))), Probe(probed))
}

impl<S> Socket<S> {
    fn lock(&self) -> MutexGuard<'_, S> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Socket<S> {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Socket<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.lock()).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.lock()).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.lock().is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// Both ends of a connection, the client's with its probe.
    async fn connection() -> (TokioIo<Io>, Probe, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let client = TcpStream::connect(listener.local_addr().expect("its address")).await.expect("a connection");
        let (server, _) = listener.accept().await.expect("a connection");
        let (io, probe) = probed(client);
        (TokioIo::new(io), probe, server)
    }

    /// Lets the system pass on what the other end did. A probe may see the error of a reset only once.
    async fn assert_disturbed(probe: &Probe) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!probe.is_quiet());
    }

    #[tokio::test]
    async fn a_connection_is_quiet_until_bytes_arrive_and_again_when_they_were_read() {
        let (mut io, probe, mut server) = connection().await;
        assert!(probe.is_quiet());
        server.write_all(b"unasked").await.expect("an open connection");
        assert_disturbed(&probe).await;
        assert!(!probe.is_quiet(), "looking doesn't take the bytes away");
        let mut bytes = [0; 7];
        io.read_exact(&mut bytes).await.expect("the bytes");
        assert_eq!(&bytes, b"unasked");
        assert!(probe.is_quiet());
        io.write_all(b"a request").await.expect("an open connection");
        assert!(probe.is_quiet(), "what was written makes no difference");
    }

    #[tokio::test]
    async fn a_connection_that_was_closed_or_reset_is_not_quiet() {
        let (_io, probe, server) = connection().await;
        drop(server);
        assert_disturbed(&probe).await;

        let (_io, probe, server) = connection().await;
        server.set_zero_linger().expect("an open connection");
        drop(server);
        assert_disturbed(&probe).await;
    }

    #[tokio::test]
    async fn a_probe_does_not_keep_a_connection_open() {
        let (io, probe, mut server) = connection().await;
        drop(io);
        assert!(!probe.is_quiet());
        assert_eq!(server.read(&mut [0]).await.expect("its end"), 0);
    }

    #[tokio::test]
    async fn several_slices_are_written_at_once() {
        let (io, _probe, mut server) = connection().await;
        assert!(io.is_write_vectored());
        let mut io = Box::pin(io);
        let slices = [IoSlice::new(b"a head, "), IoSlice::new(b"a body")];
        let written = std::future::poll_fn(|context| io.as_mut().poll_write_vectored(context, &slices)).await;
        assert_eq!(written.expect("an open connection"), 14);
        let mut bytes = [0; 14];
        server.read_exact(&mut bytes).await.expect("the bytes");
        assert_eq!(&bytes, b"a head, a body");
    }
}
