//! A forward proxy: tunnels (`CONNECT`, RFC 9110, 9.3.6), and plain requests in absolute form (RFC 9112, 3.2.2).

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::recorded::{Record, Recorded};
use crate::flow::key_search;
use crate::flow::transport::tls::server::HOST;

/// What the proxy does with a request.
#[derive(Clone, Default)]
enum Manners {
    #[default]
    Forwards,
    /// Sends these bytes, and closes the connection.
    Responds(Vec<u8>),
    /// Closes the connection of its very first request.
    ClosesFirst,
    IsSilent,
}

/// Starts a proxy.
#[derive(Clone, Default)]
pub(super) struct Builder {
    authorization: Option<String>,
    tls: Option<TlsAcceptor>,
    names: Option<SocketAddr>,
    manners: Manners,
}

impl Builder {
    /// Demands a user and a password.
    pub(super) fn demanding(self, user: &str, password: &str) -> Self {
        let authorization = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        Self { authorization: Some(authorization), ..self }
    }

    /// Accepts only TLS: an `https://` proxy.
    pub(super) fn over_tls(self, config: ServerConfig) -> Self {
        Self { tls: Some(TlsAcceptor::from(Arc::new(config))), ..self }
    }

    /// Leads every name and every IPv6 address to this address.
    pub(super) fn with_names(self, address: SocketAddr) -> Self {
        Self { names: Some(address), ..self }
    }

    /// Responds to every request with these bytes, and closes the connection.
    pub(super) fn responding(self, bytes: impl Into<Vec<u8>>) -> Self {
        Self { manners: Manners::Responds(bytes.into()), ..self }
    }

    /// Closes the first connection after its first request, and forwards all others.
    pub(super) fn closing_first(self) -> Self {
        Self { manners: Manners::ClosesFirst, ..self }
    }

    /// Never responds.
    pub(super) fn silent(self) -> Self {
        Self { manners: Manners::IsSilent, ..self }
    }

    pub(super) async fn start(self) -> HttpProxy {
        key_search::begin();
        let listener = TcpListener::bind((HOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        let is_tls = self.tls.is_some();
        let seen = Seen::default();
        let accepting = tokio::spawn({
            let seen = seen.clone();
            async move {
                // Dropping the set with this task aborts the connections' tasks.
                let mut connections = JoinSet::new();
                loop {
                    let (stream, _) = listener.accept().await.expect("a connection");
                    connections.spawn(accept(stream, self.clone(), seen.clone()));
                }
            }
        });
        HttpProxy { address, is_tls, seen, accepting }
    }

    async fn connect(&self, target: &str) -> io::Result<TcpStream> {
        match (target.parse::<SocketAddr>(), self.names) {
            (Ok(address @ SocketAddr::V4(_)), _) | (_, Some(address)) => TcpStream::connect(address).await,
            (_, None) => Err(io::Error::other("an unknown name")),
        }
    }
}

/// What the proxy has seen.
#[derive(Clone, Default)]
struct Seen {
    heads: Arc<Mutex<Vec<String>>>,
    /// As the proxy reads it.
    inside: Record,
    /// As the network before the proxy reads it.
    wire: Record,
}

/// A proxy on a free port of the loopback address. Dropping it stops it.
pub(super) struct HttpProxy {
    address: SocketAddr,
    is_tls: bool,
    seen: Seen,
    accepting: JoinHandle<()>,
}

impl HttpProxy {
    pub(super) fn builder() -> Builder {
        Builder::default()
    }

    pub(super) async fn start() -> Self {
        Self::builder().start().await
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn url(&self) -> String {
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.address)
    }

    /// The URL with this user and password, `user:password`.
    pub(super) fn url_with(&self, credentials: &str) -> String {
        self.url().replace("://", &format!("://{credentials}@"))
    }

    /// The heads of all requests so far.
    pub(super) fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().expect("no panic").clone()
    }

    /// The first lines of these heads.
    pub(super) fn requests(&self) -> Vec<String> {
        self.heads().iter().map(|head| head.lines().next().expect("a line").to_owned()).collect()
    }

    /// Everything that the proxy can read.
    pub(super) fn inside(&self) -> &Record {
        &self.seen.inside
    }

    /// Everything that can be read on the way to the proxy.
    pub(super) fn wire(&self) -> &Record {
        &self.seen.wire
    }
}

impl Drop for HttpProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(stream: TcpStream, proxy: Builder, seen: Seen) {
    let stream = Recorded::new(stream, &seen.wire);
    // An error is the end of a connection, by either side.
    let _ended = match &proxy.tls {
        None => serve(Recorded::new(stream, &seen.inside), &proxy, &seen).await,
        Some(tls) => match tls.accept(stream).await {
            Ok(stream) => serve(Recorded::new(stream, &seen.inside), &proxy, &seen).await,
            Err(error) => Err(error),
        },
    };
}

async fn serve(mut client: impl AsyncRead + AsyncWrite + Unpin, proxy: &Builder, seen: &Seen) -> io::Result<()> {
    loop {
        let head = read_head(&mut client).await?;
        let is_first = {
            let mut heads = seen.heads.lock().expect("no panic");
            heads.push(head.clone());
            heads.len() == 1
        };
        match &proxy.manners {
            Manners::ClosesFirst if is_first => return client.shutdown().await,
            Manners::Forwards | Manners::ClosesFirst => {}
            Manners::Responds(bytes) => {
                client.write_all(bytes).await?;
                return client.shutdown().await;
            }
            Manners::IsSilent => std::future::pending().await,
        }
        if proxy.authorization.as_deref() != header(&head, "proxy-authorization") && proxy.authorization.is_some() {
            let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=\"tests\"\r\n\
                           content-length: 0\r\n\r\n";
            client.write_all(refusal.as_bytes()).await?;
            continue;
        }
        let (method, rest) = head.split_once(' ').expect("a method");
        let (target, _) = rest.split_once(' ').expect("a target");
        if method == "CONNECT" {
            let Ok(mut server) = proxy.connect(target).await else {
                client.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await?;
                continue;
            };
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            return copy_bidirectional(&mut client, &mut server).await.map(drop);
        }
        let (authority, path) =
            target.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("absolute form");
        let mut server = proxy.connect(authority).await?;
        let fields = head.lines().skip(1).filter(|line| !line.to_ascii_lowercase().starts_with("proxy-"));
        let fields: Vec<&str> = fields.collect();
        server.write_all(format!("{method} /{path} HTTP/1.1\r\n{}\r\n", fields.join("\r\n")).as_bytes()).await?;
        let response = read_response(&mut server).await?;
        client.write_all(&response).await?;
    }
}

/// The head of a message, with the empty line behind it, and no byte more.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8(head).expect("a head of text"))
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find_map(|(field, value)| field.eq_ignore_ascii_case(name).then_some(value))
}

/// A response with a `content-length`.
async fn read_response(server: &mut TcpStream) -> io::Result<Vec<u8>> {
    let head = read_head(server).await?;
    let length = header(&head, "content-length").expect("a length").parse().expect("a number");
    let mut body = vec![0; length];
    server.read_exact(&mut body).await?;
    Ok([head.as_bytes(), &body].concat())
}
