//! A server of scripted bytes: what it received and what it answers is exactly what was on the wire.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use courier_core::transport::ReqwestTransport;
use courier_core::{Courier, CourierBuilder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinHandle, JoinSet};

use super::key_search;

/// The API key of every client here.
pub(crate) const KEY: &str = "pk_test_5ecre7k3y";

/// What the server does with one request.
pub(crate) struct Reply {
    /// Waits until this many replies have come as far.
    barrier: Option<Arc<Barrier>>,
    bytes: Vec<u8>,
    /// The time between one byte and the next; they come all at once without.
    drip: Option<Duration>,
    /// Written after the bytes, again and again, with this time between.
    forever: Option<(Vec<u8>, Duration)>,
    end: End,
}

/// What becomes of the connection after a reply.
#[derive(Clone, Copy)]
enum End {
    StaysOpen,
    Closes,
    /// Ends at once, as where a process was killed: what the client had not read yet may be lost.
    Resets,
}

impl Reply {
    /// These bytes and no others; the connection stays open.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { barrier: None, bytes: bytes.into(), drip: None, forever: None, end: End::StaysOpen }
    }

    /// Nothing at all; the connection stays open.
    pub(crate) fn silence() -> Self {
        Self::raw("")
    }

    /// An answer with these header lines, its `content-length` and this body.
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

    /// The same, and then the end of the connection.
    pub(crate) fn and_close(self) -> Self {
        Self { end: End::Closes, ..self }
    }

    /// The same, and then a connection that is reset.
    pub(crate) fn and_reset(self) -> Self {
        Self { end: End::Resets, ..self }
    }

    /// The same byte by byte, with this time between.
    pub(crate) fn drip(self, every: Duration) -> Self {
        Self { drip: Some(every), ..self }
    }

    /// The same, and then this for ever, with this time between.
    pub(crate) fn and_forever(self, piece: impl Into<Vec<u8>>, every: Duration) -> Self {
        Self { forever: Some((piece.into(), every)), ..self }
    }

    /// The same, once as many replies wait as the barrier is made for.
    pub(crate) fn at(self, barrier: &Arc<Barrier>) -> Self {
        Self { barrier: Some(Arc::clone(barrier)), ..self }
    }

    /// Plays it; an error says that the client is gone.
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

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Received {
    /// Which connection it came on, counted from 0.
    pub(crate) connection: usize,
    /// Its head, line by line.
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

    /// The header lines, sorted: their order means nothing.
    pub(crate) fn header_lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.lines[1..].iter().map(String::as_str).collect();
        lines.sort_unstable();
        lines
    }

    /// The values of the header of this name, in their order.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let fields = self.lines[1..].iter().filter_map(|line| line.split_once(": "));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }
}

enum Event {
    Request(Received),
    /// A client ended its connection.
    Closed,
}

type Script = Arc<Mutex<dyn FnMut(&Received) -> Reply + Send>>;

/// A server on a free port of the loopback address. Dropping it stops it.
pub(crate) struct Server {
    address: SocketAddr,
    events: UnboundedReceiver<Event>,
    accepting: JoinHandle<()>,
}

impl Server {
    /// Plays these replies, one a request in the order of their arrival. A request beyond them gets a 599.
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        Self::answering(move |_| replies.pop().unwrap_or_else(|| Reply::json(599, "beyond the script"))).await
    }

    /// Computes each reply from its request.
    pub(crate) async fn answering(script: impl FnMut(&Received) -> Reply + Send + 'static) -> Self {
        key_search::begin();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let (sender, events) = mpsc::unbounded_channel();
        let script: Script = Arc::new(Mutex::new(script));
        let accepting = tokio::spawn(async move {
            // Dropped with this task, and its tasks with it.
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                connections.spawn(serve(stream, connections.len(), Arc::clone(&script), sender.clone()));
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

    /// A client of this server with [`KEY`] and no other setting.
    pub(crate) fn courier(&self) -> Courier {
        self.builder().build().expect("a client")
    }

    pub(crate) fn builder(&self) -> CourierBuilder {
        Courier::builder().api_key(KEY).base_url(self.url())
    }

    /// The same without attempts and a deadline around it: with the key, for which all that is told of a call is searched.
    pub(crate) fn transport(&self) -> ReqwestTransport {
        ReqwestTransport::builder(self.url()).bearer_token(KEY).build().expect("a client")
    }

    /// A client of this server that sends no key.
    pub(crate) fn without_key(&self) -> ReqwestTransport {
        ReqwestTransport::builder(self.url()).build().expect("a client")
    }

    /// The next request. The reply to it has been written when this returns.
    pub(crate) async fn request(&mut self) -> Received {
        loop {
            if let Event::Request(request) = self.event().await {
                return request;
            }
        }
    }

    /// Waits until a client ends a connection.
    pub(crate) async fn closed(&mut self) {
        while !matches!(self.event().await, Event::Closed) {}
    }

    /// All requests so far that nobody has taken with [`request`](Self::request).
    pub(crate) fn received(&mut self) -> Vec<Received> {
        let events = std::iter::from_fn(|| self.events.try_recv().ok());
        events.filter_map(|event| if let Event::Request(request) = event { Some(request) } else { None }).collect()
    }

    /// Fails where it would wait for ever.
    async fn event(&mut self) -> Event {
        let event = tokio::time::timeout(Duration::from_secs(10), self.events.recv()).await;
        event.expect("something happens at the server").expect("the server runs")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Answers request after request until one of both sides ends the connection.
async fn serve(mut stream: TcpStream, connection: usize, script: Script, events: UnboundedSender<Event>) {
    let mut unread = Vec::new();
    while let Some(lines) = read_head(&mut stream, &mut unread).await {
        let request = Received { connection, lines };
        let reply = {
            let mut script = script.lock().expect("a script that does not panic");
            (*script)(&request)
        };
        // Told before it is written: who has the answer finds the request among those received.
        events.send(Event::Request(request)).expect("a test that listens");
        match (reply.play(&mut stream).await, reply.end) {
            (Ok(()), End::StaysOpen) => {}
            (Ok(()), End::Closes | End::Resets) => return,
            (Err(_), _) => break,
        }
    }
    // The test may be over.
    events.send(Event::Closed).ok();
}

/// The lines of the next request's head; none of the requests here has a body. `None` at the end of the connection.
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

/// An address at which nothing listens.
pub(crate) async fn nobody() -> SocketAddr {
    key_search::begin();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("a bound listener")
}

/// Lets every task and the I/O run until nothing more happens: what was written has been read.
pub(crate) async fn settle() {
    for _ in 0..64 {
        tokio::task::yield_now().await;
    }
}
