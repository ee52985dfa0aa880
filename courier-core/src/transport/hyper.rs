//! The network transport directly over hyper: with a pool of its own, and connections that it opens itself.

mod dial;
mod failure;
mod pool;

use std::sync::Arc;

use http::uri::{Authority, Scheme};
use http::{HeaderValue, Request, Response, Uri};

use self::dial::{DialError, Dialed, Dialer, RequestForm};
use self::pool::{Dial, Pool, Received, Target};
use super::base_url::BaseUrl;
use super::builder::{OverNetwork, Settled, TransportBuilder};
use super::limits::Limits;
use super::network::Network;
use super::origin::upload::Outgoing;
use super::origin::{Origin, Rest, Wire, transport_to_an_origin};
#[cfg(feature = "http2")]
use super::protocols::Protocols;
use super::settings::connections_of_a_transport;
use super::{BoxFuture, TransportError};
use crate::config::ConfigError;
use crate::request::Progress;
use crate::secret::Secrets;

/// Sends requests to one API over HTTP, directly over [hyper](https://hyper.rs), with pooled connections. Needs the feature `hyper`.
///
/// ```
/// use std::time::Duration;
/// use courier_core::HyperTransport;
///
/// let github = HyperTransport::builder("https://api.github.com")
///     .bearer_token("ghp_0123456789")
///     .header("x-github-api-version", "2022-11-28")
///     .attempt_timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok::<(), courier_core::ConfigError>(())
/// ```
///
/// It has the same settings as `ReqwestTransport`, and the same [guarantees](crate::guarantees), with fewer dependencies and less
/// work per call. It can also limit the number of [connections](TransportBuilder::max_connections), and open them with your own
/// [connector](TransportBuilder::connector).
///
/// If a connection ends before it takes a request, nothing of the request was sent, and it goes to another connection once. Idle
/// connections are closed when the last clone is dropped.
///
/// In a build without the feature `reqwest`, the name of a host has ASCII letters only: write it in Punycode
/// (`https://xn--bcher-kva.example`).
///
#[doc = include_str!("origin.md")]
#[derive(Clone, Debug)]
pub struct HyperTransport(pub(super) Arc<Origin<Hyper>>);

impl HyperTransport {
    /// Starts a transport to the API at `base_url`: `https://host`, with an optional path prefix for every endpoint
    /// (`https://host/api/v1`).
    pub fn builder(base_url: impl AsRef<str>) -> TransportBuilder<Self> {
        TransportBuilder::new(base_url.as_ref())
    }
}

impl TransportBuilder<HyperTransport> {
    connections_of_a_transport!(parts.settings);
}

impl OverNetwork for HyperTransport {
    fn __build(mut parts: Settled) -> Result<Self, ConfigError> {
        let (base_url, settings) = parts.checked()?;
        let limits = settings.limits;
        let network = Network::new(settings.connection.clone(), &base_url, limits)?;
        let dialer = Dialer::new(&network, &base_url)?;
        let pool = Pool::new(target(&base_url, &dialer)?, limits_of(&network, &base_url, limits), Box::new(dialer));
        Ok(Self(Arc::new(parts.into_origin(base_url, Hyper { pool, network, limits })?)))
    }
}

transport_to_an_origin!(HyperTransport);

/// Sends over connections of its own.
#[derive(Debug)]
pub(super) struct Hyper {
    pool: Pool,
    network: Network,
    limits: Limits,
}

impl Wire for Hyper {
    type Request = Request<Outgoing>;
    type Body = Received;

    fn network(&self) -> Option<&Network> {
        Some(&self.network)
    }

    fn request(base_url: &BaseUrl, uri: &Uri, query: Option<&str>, rest: Rest) -> Option<Request<Outgoing>> {
        let mut request = Request::new(rest.body);
        *request.method_mut() = rest.method;
        *request.uri_mut() = base_url.origin_form(uri, query)?;
        *request.headers_mut() = rest.headers;
        Some(request)
    }

    async fn exchange(
        &self,
        request: &mut Option<Request<Outgoing>>,
        progress: &Progress,
        secrets: &Secrets,
    ) -> Result<Response<Received>, TransportError> {
        let received = self.pool.exchange(request, |may_arrive| progress.set_unsent(!may_arrive)).await;
        received.map_err(|failure| failure::unanswered(failure, self.limits, &self.network, secrets))
    }

    fn discard(&self, body: Received) {
        body.discard();
    }
}

impl Dial for Dialer {
    fn dial(&self) -> BoxFuture<'_, Result<Dialed, DialError>> {
        Box::pin(self.dial())
    }
}

fn target(base_url: &BaseUrl, dialer: &Dialer) -> Result<Target, ConfigError> {
    let refused = |_| ConfigError::BaseUrl {
        url: base_url.as_str().to_owned(),
        rule: "its host can't be sent in a request; write it as `https://host`",
    };
    let authority = base_url.authority();
    let (is_forwarded, proxy_authorization) = match dialer.request_form() {
        RequestForm::Origin => (false, None),
        RequestForm::Absolute { proxy_authorization } => (true, proxy_authorization.cloned()),
    };
    Ok(Target {
        scheme: if base_url.is_https() { Scheme::HTTPS } else { Scheme::HTTP },
        host: HeaderValue::from_str(&authority).expect("a base URL has visible characters only"),
        authority: Authority::try_from(authority).map_err(refused)?,
        is_forwarded,
        proxy_authorization,
    })
}

fn limits_of(network: &Network, base_url: &BaseUrl, limits: Limits) -> pool::Limits {
    let settings = &network.settings;
    #[cfg(not(feature = "http2"))]
    let _ = base_url;
    pool::Limits {
        connect_timeout: network.connect_timeout,
        free_timeout: limits.free_timeout(),
        idle_timeout: settings.pool_idle_timeout,
        max_idle: settings.pool_max_idle,
        max_connections: settings.max_connections,
        #[cfg(feature = "http2")]
        may_be_http2: match settings.protocols {
            Protocols::Any => base_url.is_https(),
            Protocols::Http1 => false,
            Protocols::Http2 => true,
        },
    }
}
