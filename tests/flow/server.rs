//! A server that plays scripted bytes and records the exact requests.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use courier_core::{Courier, CourierBuilder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinHandle, JoinSet};

use super::key_search;
use crate::under_test::{self, Network};

/// The API key of every client here.
pub(crate) const KEY: &str = "pk_test_5ecre7k3y";

/// What the server does with one request.
pub(crate) struct Reply {
    /// Waits until this many replies are ready.
    barrier: Option<Arc<Barrier>>,
    bytes: Vec<u8>,
    /// The time between bytes; without it they are sent at once.
    drip: Option<Duration>,
    /// Written repeatedly after the bytes, with this time between.
    forever: Option<(Vec<u8>, Duration)>,
    end: End,
}

/// What happens to the connection after a reply.
#[derive(Clone, Copy)]
enum End {
    StaysOpen,
    Closes,
    /// Reset, as if the process were killed; the client may lose what it has not read yet.
    Resets,
}

impl Reply {
    /// Exactly these bytes; the connection stays open.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { barrier: None, bytes: bytes.into(), drip: None, forever: None, end: End::StaysOpen }
    }

    /// Sends nothing; the connection stays open.
    pub(crate) fn silence() -> Self {
        Self::raw("")
    }

    /// A response with these header lines, the `content-length` and this body.
    pub(crate) fn with_headers(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut head = format!("HTTP/1.1 {status} Scripted\r\ncontent-length: {}\r\n", body.len());
        for header in headers {
            head += header;
            head += "\r\n";
        }
        Self::raw([head.as_bytes(), b"\r\n", body].concat())
    }

    pub(crate) fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::with_headers(status, &["content-type: application/json"], body)
    }

    /// The same, then the connection is closed.
    pub(crate) fn and_close(self) -> Self {
        Self { end: End::Closes, ..self }
    }

    /// The same, then the connection is reset.
    pub(crate) fn and_reset(self) -> Self {
        Self { end: End::Resets, ..self }
    }

    /// The same, byte by byte, with this time between.
    pub(crate) fn drip(self, every: Duration) -> Self {
        Self { drip: Some(every), ..self }
    }

    /// The same, then this piece repeatedly, with this time between.
    pub(crate) fn and_forever(self, piece: impl Into<Vec<u8>>, every: Duration) -> Self {
        Self { forever: Some((piece.into(), every)), ..self }
    }

    /// The same, once the barrier has all its replies.
    pub(crate) fn at(self, barrier: &Arc<Barrier>) -> Self {
        Self { barrier: Some(Arc::clone(barrier)), ..self }
    }

    /// Writes the reply; fails if the client is gone.
    async fn play(&self, stream: &mut TcpStream) -> io::Result<()> {
        if let Some(barrier) = &self.barrier {
            barrier.wait().await;
        }
        match self.drip {
            None => stream.write_all(&self.bytes).await?,
            Some(every) => {
                for byte in &self.bytes {
                    stream.write_u8(*byte).await?;
                    tokio::time::sleep(every).await;
                }
            }
        }
        if let Some((piece, every)) = &self.forever {
            loop {
                stream.write_all(piece).await?;
                if !every.is_zero() {
                    tokio::time::sleep(*every).await;
                }
            }
        }
        if matches!(self.end, End::Resets) {
            stream.set_zero_linger()?;
        }
        Ok(())
    }
}

#[derive(Debug)]
pub(crate) struct Received {
    /// The number of its connection, counted from 0.
    pub(crate) connection: usize,
    /// The client's end of it.
    pub(crate) peer: SocketAddr,
    /// The lines of its head.
    lines: Vec<String>,
}

impl Received {
    /// `POST /messages/1-65f0c0e1/cancel HTTP/1.1`
    pub(crate) fn request_line(&self) -> &str {
        &self.lines[0]
    }

    /// `/messages/1-65f0c0e1/cancel`
    pub(crate) fn target(&self) -> &str {
        self.request_line().split(' ').nth(1).expect("method, target and version")
    }

    /// The header lines, sorted, since their order has no meaning.
    pub(crate) fn header_lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.lines[1..].iter().map(String::as_str).collect();
        lines.sort_unstable();
        lines
    }

    /// The values of the header, in order.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let fields = self.lines[1..].iter().filter_map(|line| line.split_once(": "));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

enum Event {
    Request(Received),
    /// A client closed its connection.
    Closed,
}

type Script = Arc<Mutex<dyn FnMut(&Received) -> Reply + Send>>;

/// A server on a free port of the loopback address, or another one. Dropping it stops it.
pub(crate) struct Server {
    address: SocketAddr,
    events: UnboundedReceiver<Event>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Plays these replies in the order of the requests. Any further request gets a 599.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start_on(Ipv4Addr::LOCALHOST.into(), replies).await
    }

    /// The same on a free port of this address.
    pub(crate) async fn start_on(address: IpAddr, replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        Self::on(address, move |_| replies.pop().unwrap_or_else(|| Reply::json(599, "beyond the script"))).await
    }

    /// Computes each reply from its request.
    pub(crate) async fn from_fn(script: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        Self::on(Ipv4Addr::LOCALHOST.into(), script).await
    }

    async fn on(address: IpAddr, script: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        key_search::begin();
        let listener = TcpListener::bind((address, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let (sender, events) = mpsc::unbounded_channel();
        let script: Script = Arc::new(Mutex::new(script));
        let accepting = tokio::spawn(async move {
            // Dropping the set with this task aborts the connections' tasks.
            let mut connections = JoinSet::new();
            loop {
                let (stream, peer) = listener.accept().await.expect("a connection");
                connections.spawn(serve(stream, (connections.len(), peer), Arc::clone(&script), sender.clone()));
            }
        });
        Self { address, events, accepting }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of this server with [`KEY`] and the default settings.
    pub(crate) fn courier(&self) -> Courier {
        self.builder().build().expect("a client")
    }

    pub(crate) fn builder(&self) -> CourierBuilder {
        under_test::courier().api_key(KEY).base_url(self.url())
    }

    /// The same without retries and a deadline. It has the key, so the search covers its errors and logs.
    pub(crate) fn transport(&self) -> Network {
        Network::builder(self.url()).bearer_token(KEY).build().expect("a client")
    }

    /// A client of this server without a key.
    pub(crate) fn without_key(&self) -> Network {
        Network::builder(self.url()).build().expect("a client")
    }

    /// The next request. Its reply has been written when this returns.
    pub(crate) async fn request(&mut self) -> Received {
        loop {
            if let Event::Request(request) = self.event().await {
                return request;
            }
        }
    }

    /// Waits until a client closes a connection.
    pub(crate) async fn closed(&mut self) {
        while !matches!(self.event().await, Event::Closed) {}
    }

    /// All requests so far that [`request`](Self::request) has not returned.
    pub(crate) fn received(&mut self) -> Vec<Received> {
        let events = std::iter::from_fn(|| self.events.try_recv().ok());
        events.filter_map(|event| if let Event::Request(request) = event { Some(request) } else { None }).collect()
    }

    /// Fails instead of waiting forever.
    async fn event(&mut self) -> Event {
        let event = tokio::time::timeout(Duration::from_secs(10), self.events.recv()).await;
        event.expect("an event within ten seconds").expect("the server runs")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves requests until either side closes the connection.
async fn serve(
    mut stream: TcpStream,
    (connection, peer): (usize, SocketAddr),
    script: Script,
    events: UnboundedSender<Event>,
) {
    let mut unread = Vec::new();
    while let Some(lines) = read_head(&mut stream, &mut unread).await {
        let request = Received { connection, peer, lines };
        let reply = {
            let mut script = script.lock().expect("a script that does not panic");
            (*script)(&request)
        };
        // Before the reply: a caller that has the response finds the request in `received`.
        events.send(Event::Request(request)).expect("the test is running");
        match (reply.play(&mut stream).await, reply.end) {
            (Ok(()), End::StaysOpen) => {}
            (Ok(()), End::Closes | End::Resets) => return,
            (Err(_), _) => break,
        }
    }
    // The test may be over.
    events.send(Event::Closed).ok();
}

/// The lines of the next head, or `None` at the end of the connection. No request here has a body.
async fn read_head(stream: &mut TcpStream, unread: &mut Vec<u8>) -> Option<Vec<String>> {
    const END: &[u8] = b"\r\n\r\n";
    loop {
        if let Some(end) = unread.windows(END.len()).position(|window| window == END) {
            let head: Vec<u8> = unread.drain(..end + END.len()).collect();
            let head = String::from_utf8(head).expect("a head of text");
            return Some(head.trim_end().split("\r\n").map(str::to_owned).collect());
        }
        if stream.read_buf(unread).await.is_ok_and(|length| length > 0) {
            continue;
        }
        return None;
    }
}

/// An address on which nothing listens.
pub(crate) async fn unused_address() -> SocketAddr {
    unused_port_of(Ipv4Addr::LOCALHOST.into()).await
}

/// The same on this loopback address.
pub(crate) async fn unused_port_of(address: IpAddr) -> SocketAddr {
    key_search::begin();
    let listener = TcpListener::bind((address, 0)).await.expect("a free port");
    listener.local_addr().expect("a bound listener")
}

/// Lets tasks and I/O run until everything that was written has been read.
pub(crate) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}
