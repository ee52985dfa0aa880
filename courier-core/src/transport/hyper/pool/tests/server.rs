//! A server whose paths say how it responds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

pub(super) struct Server {
    pub(super) address: SocketAddr,
    /// How many connections are open now, and how many were at most.
    open: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    /// The connection of each request.
    requests: UnboundedReceiver<usize>,
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

impl Server {
    pub(super) async fn start() -> Self {
        Self::responding(Vec::new()).await
    }

    /// Starts a server that responds to `/own` with these pieces, one after the other.
    pub(super) async fn responding(pieces: Vec<Vec<u8>>) -> Self {
        let pieces: Arc<[Vec<u8>]> = pieces.into();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (sender, requests) = unbounded_channel();
        let counters = (Arc::clone(&open), Arc::clone(&most));
        tokio::spawn(async move {
            for nth in 0.. {
                let (stream, _) = listener.accept().await.expect("a connection");
                let (open, most) = counters.clone();
                let (sender, pieces) = (sender.clone(), Arc::clone(&pieces));
                most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::spawn(async move {
                    serve(stream, nth, sender, &pieces).await;
                    open.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        Self { address, open, most, requests }
    }

    /// The connections of all requests since the last time.
    pub(super) fn connections(&mut self) -> Vec<usize> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }

    /// Waits for a request.
    pub(super) async fn request(&mut self) -> usize {
        self.requests.recv().await.expect("a request")
    }

    pub(super) fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }

    /// How many connections the client has not closed.
    #[cfg(target_os = "linux")]
    pub(super) fn held_by_client(&self) -> usize {
        let connections = std::fs::read_to_string("/proc/net/tcp").expect("the connections of this machine");
        let port = format!(":{:04X}", self.address.port());
        let is_held = |line: &&str| {
            let mut columns = line.split_whitespace().skip(2);
            columns.next().is_some_and(|remote| remote.ends_with(&port)) && columns.next() == Some("01")
        };
        connections.lines().filter(is_held).count()
    }

    /// Waits until so many connections are open.
    pub(super) async fn until_open(&self, count: usize) {
        let wait = async {
            while self.open() != count {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(5), wait).await.unwrap_or_else(|_| panic!("{} are open", self.open()));
    }
}

/// Responds to requests until one of both ends the connection.
async fn serve(mut stream: TcpStream, nth: usize, sender: UnboundedSender<usize>, pieces: &[Vec<u8>]) {
    let mut received = Vec::new();
    loop {
        let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
            match stream.read_buf(&mut received).await {
                Ok(1..) => continue,
                _ => return,
            }
        };
        let head = String::from_utf8(received.drain(..end + 4).collect()).expect("a head");
        let path = head.split(' ').nth(1).expect("a path");
        sender.send(nth).ok();
        if path != "/early" {
            let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.lines().next()?.parse().ok());
            let length: usize = length.unwrap_or(0);
            while received.len() < length {
                if !matches!(stream.read_buf(&mut received).await, Ok(1..)) {
                    return;
                }
            }
            received.drain(..length);
        }
        let (response, is_over): (&[u8], bool) = match path {
            "/ok" => (OK, false),
            "/slow" => {
                tokio::time::sleep(Duration::from_millis(20)).await;
                (OK, false)
            }
            "/empty" => (b"HTTP/1.1 204 No Content\r\n\r\n", false),
            "/chunked" => {
                let [head, rest] =
                    [&b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n"[..], b"1\r\nk\r\n0\r\n\r\n"];
                stream.write_all(head).await.ok();
                tokio::time::sleep(Duration::from_millis(5)).await;
                (rest, false)
            }
            "/keep-alive" => (b"HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok", false),
            "/close" => (b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok", true),
            "/ok-and-end" => (OK, true),
            "/end" => (b"", true),
            "/silent" => (b"", false),
            "/half" => (b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf", false),
            "/two" => (b"HTTP/1.1 204 -\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", false),
            "/upgrade" => (b"HTTP/1.1 101 -\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n", false),
            "/own" | "/own-and-end" => {
                for piece in pieces {
                    if stream.write_all(piece).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                (b"", path == "/own-and-end")
            }
            "/early" => {
                stream.write_all(b"HTTP/1.1 413 -\r\ncontent-length: 2\r\n\r\nno").await.ok();
                // It never reads the rest.
                std::future::pending().await
            }
            other => panic!("{other}"),
        };
        if stream.write_all(response).await.is_err() || is_over {
            return;
        }
    }
}
