//! The pool over real sockets.

mod churn;
mod freshness;
#[cfg(feature = "http2")]
mod http2;
mod limits;
mod many_headers;
mod returned;
mod runtimes;
mod server;

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body::Body as _;
use tokio::net::TcpStream;

use self::server::Server;
use super::{Dial, Failure, Limits, Pool, Received, Target};
use crate::transport::BoxFuture;
use crate::transport::connector::Io;
use crate::transport::hyper::dial::{DialError, Dialed, Probe, Protocol, probed};
use crate::transport::origin::upload::Outgoing;

/// Long enough that no test reaches it, unless it waits for something that never happens.
const LONG: Duration = Duration::from_secs(20);

const LIMITS: Limits = Limits {
    connect_timeout: LONG,
    free_timeout: LONG,
    idle_timeout: LONG,
    max_idle: usize::MAX,
    max_connections: None,
    #[cfg(feature = "http2")]
    may_be_http2: false,
};

type Stream = (Io, Option<Probe>);

/// Opens TCP connections to a test's server.
struct Dialer {
    address: SocketAddr,
    protocol: Protocol,
    /// An own connector's connections have none.
    has_probe: bool,
    dials: Arc<AtomicUsize>,
    /// What happens before the dial with this number.
    before: Box<dyn Fn(usize) -> BoxFuture<'static, ()> + Send + Sync>,
    opens: fn(SocketAddr, usize) -> BoxFuture<'static, Stream>,
}

impl std::fmt::Debug for Dialer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dialer")
    }
}

impl Pool {
    async fn call(&self, request: Request<Outgoing>) -> Result<Response<Received>, Failure> {
        self.exchange(&mut Some(request), |_| {}).await
    }
}

impl Dial for Dialer {
    fn dial(&self) -> BoxFuture<'_, Result<Dialed, DialError>> {
        let number = self.dials.fetch_add(1, Ordering::Relaxed);
        let before = (self.before)(number);
        Box::pin(async move {
            before.await;
            let (io, probe) = (self.opens)(self.address, number).await;
            Ok(Dialed { io, probe: probe.filter(|_| self.has_probe), protocol: self.protocol })
        })
    }
}

impl Dialer {
    fn new(address: SocketAddr) -> Self {
        Self {
            address,
            protocol: Protocol::Http1,
            has_probe: true,
            dials: Arc::default(),
            before: Box::new(|_| Box::pin(std::future::ready(()))),
            opens: |address, _| {
                Box::pin(async move {
                    let stream = TcpStream::connect(address).await.expect("a connection");
                    let (io, probe) = probed(stream);
                    (io, Some(probe))
                })
            },
        }
    }
}

fn target(address: SocketAddr) -> Target {
    let authority = address.to_string();
    Target {
        scheme: Scheme::HTTP,
        host: HeaderValue::from_str(&authority).expect("a host"),
        authority: Authority::try_from(authority).expect("a host and a port"),
        is_forwarded: false,
        proxy_authorization: None,
    }
}

fn pool_of(dialer: Dialer, limits: Limits) -> Pool {
    let target = target(dialer.address);
    Pool::new(target, limits, Box::new(dialer))
}

fn pool(server: &Server, limits: Limits) -> Pool {
    pool_of(Dialer::new(server.address), limits)
}

fn get(path: &str) -> Request<Outgoing> {
    let mut request = Request::new(Outgoing::Whole(Bytes::new()));
    *request.uri_mut() = path.parse().expect("a path");
    request
}

/// The next bytes of a body. `None` at its end.
async fn chunk(body: &mut Received) -> Option<Result<Bytes, hyper::Error>> {
    let frame = std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
    Some(frame.map(|frame| frame.into_data().unwrap_or_default()))
}

async fn read(response: Response<Received>) -> Result<(StatusCode, String), hyper::Error> {
    let status = response.status();
    let mut body = response.into_body();
    let mut text = Vec::new();
    while let Some(chunk) = chunk(&mut body).await {
        text.extend_from_slice(&chunk?);
    }
    Ok((status, String::from_utf8(text).expect("text")))
}

/// Makes a request and reads its response.
async fn call(pool: &Pool, path: &str) -> (StatusCode, String) {
    let response = pool.call(get(path)).await.expect("a response");
    read(response).await.expect("a body")
}

async fn ok(pool: &Pool) {
    assert_eq!(call(pool, "/ok").await, (StatusCode::OK, "ok".to_owned()));
}

/// Until tasks that have something to do have done it.
async fn settle() {
    tokio::time::sleep(Duration::from_millis(30)).await;
}

fn lost(result: Result<Response<Received>, Failure>) -> (hyper::Error, bool) {
    match result {
        Err(Failure::Lost { error, is_unsent, .. }) => (error, is_unsent),
        Err(other) => panic!("{other:?}"),
        Ok(response) => panic!("{}", response.status()),
    }
}

/// A connection whose other end is closed.
fn broken() -> Io {
    let (end, other) = tokio::io::duplex(1);
    drop(other);
    Box::new(hyper_util::rt::TokioIo::new(end))
}
