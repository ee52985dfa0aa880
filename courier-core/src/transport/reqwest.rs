//! The network transport over reqwest, configured to do what was asked and no more.

mod client;
mod connections;
mod failure;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::Uri;
use http_body::{Frame, SizeHint};

use self::connections::{Connections, Running};
use super::base_url::BaseUrl;
use super::builder::{OverNetwork, Settled, TransportBuilder};
use super::limits::Limits;
use super::network::Network;
use super::origin::upload::Outgoing;
use super::origin::{Origin, Rest, Wire, transport_to_an_origin};
use super::settings::own_client_of_a_transport;
use super::{TransportError, runtime};
use crate::config::ConfigError;
use crate::request::Progress;
use crate::secret::Secrets;

/// Sends requests to one API over HTTP, with pooled connections. Needs the feature `reqwest`.
///
/// ```
/// use std::time::Duration;
/// use courier_core::ReqwestTransport;
///
/// let github = ReqwestTransport::builder("https://api.github.com")
///     .bearer_token("ghp_0123456789")
///     .header("x-github-api-version", "2022-11-28")
///     .attempt_timeout(Duration::from_secs(10))
///     .build()?;
/// # Ok::<(), courier_core::ConfigError>(())
/// ```
///
/// The connections of an application's own client ([`from_client`](Self::from_client)) are shared by all runtimes.
///
#[doc = include_str!("origin.md")]
#[derive(Clone, Debug)]
pub struct ReqwestTransport(pub(super) Arc<Origin<Reqwest>>);

impl ReqwestTransport {
    /// Starts a transport to the API at `base_url`: `https://host`, with an optional path prefix for every endpoint
    /// (`https://host/api/v1`).
    pub fn builder(base_url: impl AsRef<str>) -> TransportBuilder<Self> {
        TransportBuilder::new(base_url.as_ref())
    }

    /// Starts a transport that sends through the application's own [`reqwest::Client`], with its pool, its proxies, its
    /// TLS and its connector layers.
    ///
    /// ```
    /// use courier_core::{ReqwestTransport, reqwest};
    /// use courier_core::reqwest::{redirect, retry};
    ///
    /// let client = reqwest::Client::builder()
    ///     .redirect(redirect::Policy::none())
    ///     .retry(retry::never())
    ///     .no_proxy()
    ///     .build()?;
    /// let github = ReqwestTransport::from_client(client, "https://api.github.com")
    ///     .bearer_token("ghp_0123456789")
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// | | over an own client |
    /// |---|---|
    /// | the limits of attempts, deadlines, bodies and streams | hold |
    /// | decompression of gzip, and its limit | hold. If the client itself decompresses (reqwest's feature `gzip`), it does so first: even a body that a call asked for with its own `accept-encoding`, and of several gzip members only the first |
    /// | the check of a response's framing, errors for truncated bodies | hold, unless the client decompresses. The client may use the connection of a response with an ambiguous end again, and take what follows for the next call's response |
    /// | errors that say whether the request may have arrived, and retries | hold |
    /// | redaction, and credentials only over TLS or to this machine | hold for what is passed to this builder, and `Debug` doesn't show the client. Headers that the client adds by itself are unknown to it. Nor does it know the client's proxy, which sees calls to an `http` URL. A name below `localhost` counts as another machine, since the client looks it up |
    /// | the connect timeout, proxies, TLS, name resolution, idle connections | the client's. `build` refuses these settings |
    /// | redirects | the client's, and by default reqwest follows them: turn that off as above |
    /// | proxies of the environment | the client's, and by default reqwest uses them: turn that off as above |
    /// | retries of the client | the client's, and neither [`Retry`](crate::transport::Retry) nor an error's number of attempts counts them. By default, reqwest repeats a request if an HTTP/2 server ends its connection (`GOAWAY`) or refuses it, at most twice. After a `GOAWAY`, the request may have been executed, and so a `POST` can be executed twice: turn that off as above |
    /// | cookies, a total or read timeout of the client | the client's |
    /// | TLS errors in words | hold for rustls |
    /// | limits of a response's headers | the client's: hyper's are 100 headers over HTTP/1, and 16 KiB over HTTP/2 |
    /// | connections for each runtime | don't hold. When a runtime shuts down, calls from other runtimes that use its connections fail ("the tokio runtime that it ran on was shut down"). While it isn't running, as a current-thread runtime outside `block_on`, they wait until they time out. Use one client per runtime |
    /// | HTTP/2 connections replaced before the server ends them, `keep-alive: timeout` | don't hold |
    ///
    /// The version of reqwest is part of this crate's API: see [`network`](crate::network#semantic-versioning).
    ///
    /// [`reqwest::Client`]: crate::reqwest::Client
    pub fn from_client(client: reqwest::Client, base_url: impl AsRef<str>) -> TransportBuilder<Self> {
        Self::builder(base_url).client(client)
    }
}

impl TransportBuilder<ReqwestTransport> {
    own_client_of_a_transport!(parts.settings);
}

impl OverNetwork for ReqwestTransport {
    fn __build(mut parts: Settled) -> Result<Self, ConfigError> {
        let (base_url, settings) = parts.checked()?;
        #[cfg(feature = "hyper")]
        settings.check_for_reqwest()?;
        let limits = settings.limits;
        let connections = match settings.client.take() {
            Some(client) => Connections::Given(client),
            None => Connections::own(Network::new(settings.connection.clone(), &base_url, limits)?, &base_url)?,
        };
        Ok(Self(Arc::new(parts.into_origin(base_url, Reqwest { connections, limits })?)))
    }
}

transport_to_an_origin!(ReqwestTransport);

/// Sends through reqwest.
#[derive(Debug)]
pub(super) struct Reqwest {
    connections: Connections,
    limits: Limits,
}

impl Wire for Reqwest {
    type Request = reqwest::Request;
    type Body = Received;

    fn network(&self) -> Option<&Network> {
        self.connections.network()
    }

    fn request(base_url: &BaseUrl, uri: &Uri, query: Option<&str>, rest: Rest) -> Option<reqwest::Request> {
        let mut request = reqwest::Request::new(rest.method, base_url.join(uri.path(), query)?);
        *request.headers_mut() = rest.headers;
        *request.body_mut() = match rest.body {
            Outgoing::Whole(bytes) if bytes.is_empty() => None,
            Outgoing::Whole(bytes) => Some(bytes.into()),
            Outgoing::Stream(upload) => Some(reqwest::Body::wrap(upload)),
        };
        Some(request)
    }

    async fn exchange(
        &self,
        request: &mut Option<reqwest::Request>,
        progress: &Progress,
        secrets: &Secrets,
    ) -> Result<http::Response<Received>, TransportError> {
        // Let the runtime poll its sockets first. Otherwise, bytes that arrived on an idle connection while this thread
        // was busy would pass for this call's response, and a connection that closed meanwhile would fail the request.
        runtime::yield_now().await;
        let request = request.take().expect("it is sent once");
        // reqwest doesn't say when it has a connection.
        progress.set_unsent(false);
        let lease = self.connections.lease();
        let received = lease.execute(request).await.map_err(|error| {
            let is_shared = failure::ends_connection(&error) && lease.lost(&error);
            let error = failure::unanswered(error, self.network().map(|_| self.limits), secrets);
            if is_shared { error.of_shared_connection() } else { error }
        })?;
        let running = lease.answered(&received);
        Ok(http::Response::<reqwest::Body>::from(received).map(|body| Received { body, running }))
    }

    fn discard(&self, body: Received) {
        if let Some(running) = &body.running {
            self.connections.discard(running);
        }
    }
}

/// The body of a response.
pub(super) struct Received {
    body: reqwest::Body,
    running: Option<Running>,
}

impl http_body::Body for Received {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
