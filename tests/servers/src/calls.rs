//! The client, and how its calls follow each other. Every call has its own id in its path, and so in the server's log.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use courier_core::transport::{BoxFuture, Deadline, Retry};
use courier_core::{
    Error, HyperTransport, Request, ReqwestTransport, Response, Result, Transport, TransportError, endpoint,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Setup;

trait Calls: Transport {
    #[endpoint(GET, "/<id>", ok = 200)]
    async fn read(&self, id: &str) -> Result<Value>;

    #[endpoint(POST, "/<id>", ok = 200)]
    async fn create(&self, id: &str, #[body] content: &Value) -> Result<Value>;
}
impl<T: Transport + ?Sized> Calls for T {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A GET, which may be executed twice.
    Repeatable,
    /// A POST that isn't declared `idempotent`.
    Post,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Repeatable => "GET",
            Self::Post => "POST",
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http1 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        })
    }
}

/// The transport that a client sends over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    Reqwest,
    Hyper,
}

impl Over {
    pub(crate) const ALL: [Self; 2] = [Self::Reqwest, Self::Hyper];
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reqwest => "reqwest",
            Self::Hyper => "hyper",
        })
    }
}

/// What is set on a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'s> {
    pub(crate) max_attempts: u32,
    pub(crate) proxy: Option<&'s str>,
    /// Whether connections are kept for the next call.
    pub(crate) keeps_connections: bool,
}

impl Default for Settings<'_> {
    fn default() -> Self {
        // The default of `Retry`.
        Self { max_attempts: 3, proxy: None, keeps_connections: true }
    }
}

/// A client with its own connections, as an application builds it.
#[derive(Clone)]
pub(crate) struct Client {
    transport: Arc<dyn Transport>,
    attempts: Attempts,
    pub(crate) max_attempts: u32,
}

impl Client {
    pub(crate) fn new(setup: &Setup, over: Over, url: &str) -> Self {
        Self::with(setup, over, url, Settings::default())
    }

    pub(crate) fn with(setup: &Setup, over: Over, url: &str, settings: Settings<'_>) -> Self {
        /// The transports have the same settings.
        macro_rules! transport {
            ($transport:ident) => {{
                let mut builder = $transport::builder(url).root_certificate_pem(&setup.authority);
                if let Some(proxy) = settings.proxy {
                    builder = builder.proxy(proxy);
                }
                if !settings.keeps_connections {
                    builder = builder.pool_max_idle(0);
                }
                Arc::new(builder.build().expect("a transport"))
            }};
        }
        let transport: Arc<dyn Transport> = match over {
            Over::Reqwest => transport!(ReqwestTransport),
            Over::Hyper => transport!(HyperTransport),
        };
        let attempts = Attempts::default();
        let transport = Timed { transport, attempts: attempts.clone() };
        let max_attempts = settings.max_attempts;
        let transport = Deadline::new(Retry::new(transport).max_attempts(max_attempts), Duration::from_mins(1));
        Self { transport: Arc::new(transport), attempts, max_attempts }
    }

    /// When the attempts of this call ended.
    pub(crate) fn attempts_of(&self, call: &Call) -> Vec<Instant> {
        let attempts = self.attempts.lock().expect("no panic");
        attempts.get(&call.id).cloned().unwrap_or_default()
    }
}

/// When the failed attempts of each call ended.
type Attempts = Arc<Mutex<HashMap<String, Vec<Instant>>>>;

/// Notes when attempts fail.
struct Timed {
    transport: Arc<dyn Transport>,
    attempts: Attempts,
}

impl Transport for Timed {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.transport)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, std::result::Result<Response, TransportError>> {
        let id = request.uri().path()[1..].to_owned();
        Box::pin(async move {
            let result = self.transport.send(request).await;
            if result.is_err() {
                self.attempts.lock().expect("no panic").entry(id).or_default().push(Instant::now());
            }
            result
        })
    }
}

/// A call that ended.
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) error: Option<Error>,
}

/// Makes calls of one kind. The ids start with a name that no other load of the server has.
#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) client: Client,
    pub(crate) kind: Kind,
    pub(crate) name: String,
    made: Arc<AtomicUsize>,
}

impl Load {
    pub(crate) fn new(client: Client, kind: Kind, name: impl Into<String>) -> Self {
        Self { client, kind, name: name.into(), made: Arc::default() }
    }

    /// Keeps this number of calls under way for as long as `goes_on` says, given the number of calls before.
    pub(crate) async fn at_a_time(
        &self,
        number: usize,
        goes_on: impl Fn(usize) -> bool + Clone + Send + 'static,
    ) -> Vec<Call> {
        let mut tasks = JoinSet::new();
        for _ in 0..number {
            let (load, goes_on) = (self.clone(), goes_on.clone());
            tasks.spawn(async move {
                let mut calls = Vec::new();
                loop {
                    let before = load.made.fetch_add(1, Ordering::Relaxed);
                    if !goes_on(before) {
                        return calls;
                    }
                    calls.push(load.call(before).await);
                }
            });
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }

    /// Starts this number of calls at once, and waits for all of them.
    pub(crate) async fn burst(&self, number: usize) -> Vec<Call> {
        let mut tasks = JoinSet::new();
        for _ in 0..number {
            let load = self.clone();
            tasks.spawn(async move { load.call(load.made.fetch_add(1, Ordering::Relaxed)).await });
        }
        tasks.join_all().await
    }

    async fn call(&self, number: usize) -> Call {
        let id = format!("{}-{number}", self.name);
        let transport = &self.client.transport;
        let result = match self.kind {
            Kind::Repeatable => transport.read(&id).await,
            Kind::Post => transport.create(&id, &json!({"to": {"user_id": "ada"}})).await,
        };
        Call { id, error: result.err() }
    }
}
