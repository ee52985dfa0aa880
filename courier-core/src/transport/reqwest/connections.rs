//! The connections of a transport: one client of reqwest after the other, each with a pool of its own.
//!
//! reqwest's pool can neither limit the requests of one connection nor close a single one before the server does. A new client
//! has an empty pool, and the connections of the one before it close when its last call ends.

#[cfg(feature = "http2")]
mod http2;
#[cfg(not(feature = "http2"))]
#[path = "connections/without_http2.rs"]
mod http2;

use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use http::Version;
use reqwest::Client;
use tokio::runtime::{Handle, Id};

#[cfg(feature = "http2")]
pub(super) use self::http2::OneAtATime;
use super::client;
use crate::config::ConfigError;
use crate::transport::base_url::BaseUrl;
use crate::transport::failure;
use crate::transport::keep_alive;
use crate::transport::network::Network;
use crate::transport::settings::OwnClient;

/// The most runtimes that a transport keeps connections for. Those of a runtime that was shut down are closed already.
const MAX_RUNTIMES: usize = 64;

#[derive(Debug)]
pub(super) enum Connections {
    /// It is never replaced.
    Given(OwnClient),
    Own(Box<Own>),
}

impl Connections {
    pub(super) fn own(network: Network, base_url: &BaseUrl) -> Result<Self, ConfigError> {
        if let Some(proxy) = &network.proxy {
            client::check_ipv6(base_url, proxy)?;
        }
        let client = client::client(&network, None)?;
        Ok(Self::Own(Box::new(Own {
            network,
            first: Mutex::new(Some(client)),
            idle_timeout: keep_alive::IdleTimeout::default(),
            http2: Arc::default(),
            current: RwLock::default(),
        })))
    }

    /// The network, unless the connections are those of the application's client.
    pub(super) fn network(&self) -> Option<&Network> {
        match self {
            Self::Given(_) => None,
            Self::Own(own) => Some(&own.network),
        }
    }

    /// The client for one more call.
    pub(super) fn lease(&self) -> Lease<'_> {
        match self {
            Self::Given(OwnClient(client)) => Lease::Given(client),
            Self::Own(own) => Lease::Own { own, running: Running(own.generation()) },
        }
    }

    /// Lets no other call use the connection of this one: hyper returns it to its pool if its response has been received.
    pub(super) fn discard(&self, Running(generation): &Running) {
        if let Self::Own(own) = self {
            own.replace(Some(generation), generation.runtime);
        }
    }
}

#[derive(Debug)]
pub(super) struct Own {
    network: Network,
    /// The client of the first generation, until then: `build` makes it to report errors.
    first: Mutex<Option<Client>>,
    /// What the server has shown about its connections.
    idle_timeout: keep_alive::IdleTimeout,
    http2: Arc<http2::Learned>,
    /// One generation for each runtime, the oldest first. A connection works only while the runtime runs that opened it.
    current: RwLock<Vec<Arc<Generation>>>,
}

/// A client, and what is known about its connections.
#[derive(Debug)]
pub(super) struct Generation {
    client: Client,
    runtime: Option<Id>,
    /// How long this client keeps an idle connection, if that was learned.
    idle_timeout: Option<Duration>,
    pauses: keep_alive::Pauses,
    http2: http2::Counts,
}

impl Own {
    /// The generation for one more call, which is counted.
    fn generation(&self) -> Arc<Generation> {
        let runtime = Handle::try_current().ok().map(|runtime| runtime.id());
        let mut generation = self.find(runtime).unwrap_or_else(|| self.replace(None, runtime));
        while self.keeps_idle_wrongly(&generation) || !generation.http2.takes_another() {
            generation = self.replace(Some(&generation), runtime);
        }
        generation.pauses.begin();
        generation
    }

    fn find(&self, runtime: Option<Id>) -> Option<Arc<Generation>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.iter().find(|generation| generation.runtime == runtime).cloned()
    }

    /// Replaces a generation, unless another call was faster.
    fn replace(&self, stale: Option<&Arc<Generation>>, runtime: Option<Id>) -> Arc<Generation> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let position = current.iter().position(|generation| generation.runtime == runtime);
        let newer = position.map(|position| &current[position]);
        if let Some(newer) = newer.filter(|&newer| !stale.is_some_and(|stale| Arc::ptr_eq(stale, newer))) {
            return Arc::clone(newer);
        }
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let idle_timeout = self.idle_timeout.get().filter(|_| first.is_none());
        let next = Arc::new(Generation {
            client: first.unwrap_or_else(|| {
                client::client(&self.network, idle_timeout).expect("the same settings made the first client")
            }),
            runtime,
            idle_timeout,
            pauses: keep_alive::Pauses::new(),
            http2: http2::Counts::new(&self.http2),
        });
        if let Some(position) = position {
            current.remove(position);
        } else if current.len() == MAX_RUNTIMES {
            current.remove(0);
        }
        current.push(Arc::clone(&next));
        next
    }

    /// Notes how long an idle connection can be kept.
    fn keep_idle_for(&self, timeout: Duration) {
        if self.network.keeps_longer_than(timeout) {
            self.idle_timeout.shorten(timeout);
        }
    }

    /// Whether this generation keeps idle connections for another time than it should. If that has become shorter, a generation
    /// goes on until it is as old: only then can a connection have been idle for too long, and a short program needs no second one.
    fn keeps_idle_wrongly(&self, generation: &Generation) -> bool {
        let timeout = self.idle_timeout.get();
        timeout != generation.idle_timeout && timeout.is_none_or(|timeout| generation.pauses.age() >= timeout)
    }
}

/// A client for one call.
pub(super) enum Lease<'c> {
    Given(&'c Client),
    Own { own: &'c Own, running: Running },
}

/// A call, until its response has been read.
pub(super) struct Running(Arc<Generation>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.pauses.end();
    }
}

impl Lease<'_> {
    /// Sends a request. The future doesn't contain it.
    pub(super) fn execute(
        &self,
        request: reqwest::Request,
    ) -> impl Future<Output = reqwest::Result<reqwest::Response>> {
        let (client, is_own) = match self {
            Self::Given(client) => (*client, false),
            Self::Own { running: Running(generation), .. } => (&generation.client, true),
        };
        let call = client.execute(request);
        async move { if is_own { http2::awaited(call).await } else { call.await } }
    }

    /// Notes the head of a response. Its body is to be kept together with what is returned.
    pub(super) fn answered(self, answer: &reqwest::Response) -> Option<Running> {
        let Self::Own { own, running } = self else { return None };
        let generation = &running.0;
        match answer.version() {
            Version::HTTP_11 => {
                if let Some(timeout) = keep_alive::timeout(answer.headers()) {
                    own.keep_idle_for(timeout);
                }
            }
            Version::HTTP_2 => generation.http2.answered(answer),
            _ => {}
        }
        Some(running)
    }

    /// Notes that the connection ended under a request. If it was shared, and had worked for others, the next calls get another one.
    /// Returns whether that can be expected to work.
    pub(super) fn lost(&self, error: &reqwest::Error) -> bool {
        let Self::Own { own, running: Running(generation) } = self else { return false };
        let idle_timeout = generation.pauses.timeout_after_loss();
        if let Some(timeout) = idle_timeout {
            own.keep_idle_for(timeout);
        }
        let is_shared = generation.http2.lost(idle_timeout.is_some());
        if is_shared {
            own.replace(Some(generation), generation.runtime);
        }
        is_shared && failure::is_unrelated_to_load(error)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::transport::settings::Settings;

    /// One connection may have been lost for another reason. Otherwise, each later pause would cost a handshake for ever.
    #[tokio::test(start_paused = true)]
    async fn a_learned_idle_timeout_is_forgotten() {
        let Settings { connection, limits, .. } = Settings::default();
        let base_url = BaseUrl::parse("http://api.example").expect("a base URL");
        let network = Network::new(connection, &base_url, limits).expect("the default settings");
        let Connections::Own(own) = Connections::own(network, &base_url).expect("a client") else {
            unreachable!("it is an own one")
        };
        let second = Duration::from_secs(1);
        let idle_timeouts = async |pauses: [Duration; 3]| {
            let mut idle_timeouts = Vec::new();
            for pause in pauses {
                advance(pause).await;
                idle_timeouts.push(own.generation().idle_timeout);
            }
            idle_timeouts
        };
        assert_eq!(idle_timeouts([second; 3]).await, [None; 3]);
        own.keep_idle_for(second);
        assert_eq!(idle_timeouts([second, second, 500 * second]).await, [Some(second); 3]);
        assert_eq!(idle_timeouts([100 * second, second, second]).await, [None; 3]);
    }
}
