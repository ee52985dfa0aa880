//! A server that records whole requests, head and body, byte for byte, and returns 204.

use std::time::Duration;

use courier_core::Courier;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinHandle, JoinSet};

use super::key_search;
use super::server::KEY;
use crate::under_test::{self, Network};

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Whole {
    /// The lines of its head.
    lines: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Whole {
    /// `POST /drafts HTTP/1.1`
    pub(crate) fn request_line(&self) -> &str {
        &self.lines[0]
    }

    /// The values of the header, in order.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let fields = self.lines[1..].iter().filter_map(|line| line.split_once(": "));
        fields.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
    }

    /// The body, exactly as long as its `content-length`.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of text")
    }
}

/// A server on a free port of the loopback address. Dropping it stops it.
pub(crate) struct Wire {
    url: String,
    requests: UnboundedReceiver<Result<Whole, String>>,
    accepting: JoinHandle<()>,
}

impl Wire {
    pub(crate) async fn start() -> Self {
        key_search::begin();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("a bound listener"));
        let (sender, requests) = mpsc::unbounded_channel();
        let accepting = tokio::spawn(async move {
            // Dropping the set with this task aborts the connections' tasks.
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                connections.spawn(serve(stream, sender.clone()));
            }
        });
        Self { url, requests, accepting }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A client of this server without a key.
    pub(crate) fn transport(&self) -> Network {
        Network::builder(&self.url).build().expect("a client")
    }

    /// A client of this server with [`KEY`].
    pub(crate) fn courier(&self) -> Courier {
        under_test::courier().api_key(KEY).base_url(&self.url).build().expect("a client")
    }

    /// The next request. Fails if none comes, or if its framing is wrong.
    pub(crate) async fn request(&mut self) -> Whole {
        let request = tokio::time::timeout(Duration::from_secs(10), self.requests.recv()).await;
        let request = request.expect("a request within ten seconds").expect("the server runs");
        request.unwrap_or_else(|fault| panic!("{fault}"))
    }

    /// The number of requests that [`request`](Self::request) has not returned.
    pub(crate) fn pending(&self) -> usize {
        self.requests.len()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves requests until either side closes the connection.
async fn serve(mut stream: TcpStream, requests: UnboundedSender<Result<Whole, String>>) {
    while let Some(request) = read(&mut stream).await {
        let faulty = request.is_err();
        // The test may be over.
        requests.send(request).ok();
        if faulty || stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.is_err() {
            return;
        }
    }
}

/// A request, or what is wrong with its framing; `None` at the end of the connection.
async fn read(stream: &mut TcpStream) -> Option<Result<Whole, String>> {
    const END: &[u8] = b"\r\n\r\n";
    let mut read = Vec::new();
    let end = loop {
        if let Some(end) = read.windows(END.len()).position(|window| window == END) {
            break end;
        }
        stream.read_buf(&mut read).await.ok().filter(|length| *length > 0)?;
    };
    let mut body = read.split_off(end + END.len());
    let head = String::from_utf8(read).expect("a head of text");
    let mut request = Whole { lines: head.trim_end().split("\r\n").map(str::to_owned).collect(), body: Vec::new() };

    if !request.header("transfer-encoding").is_empty() {
        return Some(Err(format!("chunked although the length was known: {request:?}")));
    }
    let length = match request.header("content-length")[..] {
        [] => 0,
        [length] => length.parse().expect("a number"),
        _ => return Some(Err(format!("two lengths: {request:?}"))),
    };
    while body.len() < length {
        stream.read_buf(&mut body).await.ok().filter(|length| *length > 0)?;
    }
    if body.len() > length {
        return Some(Err(format!("{} bytes after the end of the body: {request:?}", body.len() - length)));
    }
    request.body = body;
    Some(Ok(request))
}
