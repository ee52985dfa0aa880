//! The network transport: reqwest, configured to do what was asked and no more.

mod body;
mod builder;
mod connections;
mod failure;
mod network;
mod protocols;
mod proxy;
mod secret_query;
pub(crate) mod settings;
#[cfg(feature = "__rustls")]
mod tls;
#[cfg(not(feature = "__rustls"))]
#[path = "reqwest/without_tls.rs"]
mod tls;

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use http::{Extensions, HeaderMap, HeaderValue, header};
use tokio::time::timeout;

use self::body::Encoding;
pub use self::builder::ReqwestTransportBuilder;
use self::connections::Connections;
use self::secret_query::SecretQuery;
use super::base_url::BaseUrl;
use super::upload::{self, Upload};
use super::whole::Wanted;
use super::{BoxFuture, Response, TimeLimit, Transport, TransportError, TransportErrorKind, runtime};
use crate::body::Body;
use crate::request::{CallOptions, Progress, Request, StreamLimits, correct_content_length};
use crate::secret::Secrets;

/// Sends requests to one API over HTTP, with pooled connections.
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
/// - Redirects aren't followed: a 3xx is a status like any other. A `POST` stays a `POST`, and the key stays with its
///   host.
/// - Nothing is retried. Wrap it in [`Retry`](crate::transport::Retry) for that.
/// - A response with an ambiguous end is refused. Bytes that arrive unasked on a connection aren't taken for a response.
/// - With the feature `gzip`, it asks for gzip, decompresses the body, and removes `content-encoding` and
///   `content-length`. It does neither if the call (or a header for all requests) sets `accept-encoding`; the caller
///   then gets the body as it came. A request with `range` asks for `identity`, a `HEAD` for nothing, and partial
///   content (206) is never decompressed.
/// - The headers of a response can have 408 KiB (417,792 bytes). Over HTTP/2, each counts 32 bytes more
///   ([RFC 9113, 6.5.2](https://www.rfc-editor.org/rfc/rfc9113#section-6.5.2)); over HTTP/1, there are at most 1,024.
/// - No proxy is used unless it is [set](ReqwestTransportBuilder::proxy), neither from the environment (`HTTPS_PROXY`,
///   `ALL_PROXY`) nor from platform settings. [`network`](crate::network) has a recipe for this and every other way to connect.
/// - TLS is rustls with the platform's root certificates and those of
///   [`root_certificate_pem`](ReqwestTransportBuilder::root_certificate_pem). A [feature of the crate](crate#features)
///   selects its cryptography. Nothing of a request is sent before the server's certificate is verified.
/// - With the feature `http2`, it uses HTTP/2 if the server offers it. All calls then share one connection.
/// - Every wait and every size has a limit: see the builder.
///
/// Clones share the connections.
///
/// # Runtimes
///
/// A call needs a tokio runtime with timer and I/O enabled, like the ones from `#[tokio::main]` and `#[tokio::test]`.
/// On a thread without a runtime, it fails with [`TransportErrorKind::Refused`], and nothing is sent.
/// [`blocking`](crate::blocking) calls need no runtime.
///
/// A connection belongs to the runtime of the call that opened it, and works only while that runtime runs. So each runtime
/// has connections of its own, for up to 64 runtimes at a time: a client in a `static` works in several `#[tokio::test]`s.
/// The connections of an application's own client ([`from_client`](Self::from_client)) are shared by all runtimes.
///
/// # Panics
///
/// Like tokio itself, a call panics in a runtime built without `enable_time` or `enable_io`, or in one that is shutting
/// down.
#[derive(Clone, Debug)]
pub struct ReqwestTransport(Arc<Shared>);

/// What every request needs, prepared once.
#[derive(Debug)]
struct Shared {
    connections: Connections,
    base_url: BaseUrl,
    headers: HeaderMap,
    query: SecretQuery,
    secrets: Secrets,
    /// Whether requests go over the network unencrypted without the user's permission.
    is_exposed: bool,
    limits: Limits,
}

/// A request as it is sent.
struct Prepared {
    /// `None` once it was sent.
    request: Option<reqwest::Request>,
    /// Those of the transport and of the request.
    secrets: Secrets,
    upload: Option<upload::Handle>,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    connect: Duration,
    attempt: Duration,
    body: u64,
    stream: StreamLimits,
}

impl Limits {
    /// The limit that ends connecting, and after how long. Connecting is part of an attempt and can't take longer.
    fn connecting(self) -> (TimeLimit, Duration) {
        if self.connect < self.attempt {
            (TimeLimit::Connect, self.connect)
        } else {
            (TimeLimit::Attempt, self.attempt)
        }
    }

    /// The timeout for connecting. If it equals the attempt's, it fires slightly earlier although it starts later,
    /// because its error knows that nothing was sent.
    fn connect_timeout(self) -> Duration {
        const MOMENT: Duration = Duration::from_millis(100);
        match self.connecting() {
            (TimeLimit::Attempt, attempt) => attempt.saturating_sub(MOMENT.min(attempt / 10)),
            (_, connect) => connect,
        }
    }
}

impl ReqwestTransport {
    /// Starts a transport to the API at `base_url`: `https://host`, with an optional path prefix for every endpoint
    /// (`https://host/api/v1`).
    pub fn builder(base_url: impl AsRef<str>) -> ReqwestTransportBuilder {
        ReqwestTransportBuilder::new(base_url.as_ref())
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
    /// | the check of a response's framing, errors for truncated bodies | hold, unless the client decompresses |
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
    pub fn from_client(client: reqwest::Client, base_url: impl AsRef<str>) -> ReqwestTransportBuilder {
        Self::builder(base_url).client(client)
    }

    /// Makes one attempt, without its timeout. It borrows what it needs: an async function keeps two copies of an argument.
    async fn attempt(
        &self,
        prepared: &mut Prepared,
        wanted: Wanted,
        progress: &Progress,
    ) -> Result<Response, TransportError> {
        let Shared { connections, limits, .. } = &*self.0;
        let Prepared { request, secrets, upload } = prepared;
        // Let the runtime poll its sockets first. Otherwise, bytes that arrived on an idle connection while this thread
        // was busy would pass for this call's response, and a connection that closed meanwhile would fail the request.
        runtime::yield_now().await;
        let mut request = request.take().expect("it is sent once");
        let method = request.method().clone();
        let asked_for = Encoding::ask(&method, request.headers_mut());
        let lease = connections.lease();
        let mut answer = lease.execute(request).await.map_err(|error| {
            if let Some(of_upload) = upload.as_ref().and_then(upload::Handle::error) {
                return of_upload;
            }
            let is_shared = failure::ends_connection(&error) && lease.lost() && failure::is_unrelated_to_load(&error);
            let error = failure::unanswered(error, connections.network().map(|_| *limits), secrets);
            if is_shared { error.of_shared_connection() } else { error }
        })?;

        let status = answer.status();
        progress.set(status);
        let mut head = Head { headers: std::mem::take(answer.headers_mut()), progress };
        lease.answered(&answer, &head.headers);
        let has_body = body::is_expected(&method, status);
        if let Some(rule) = unclear_frame(&answer, &head.headers).filter(|_| has_body) {
            let error = TransportError::sent(TransportErrorKind::Interrupted);
            return Err(error.with_status(status).with_reason(rule));
        }
        let mut response = Response::default();
        *response.status_mut() = status;
        *response.version_mut() = answer.version();
        // Reuse reqwest's extensions: a new map would be allocated otherwise.
        *response.extensions_mut() = std::mem::take(answer.extensions_mut());
        if has_body {
            let encoding = asked_for.of(status, &head.headers);
            *response.body_mut() = if wanted.streams(status) {
                response.extensions_mut().insert(limits.stream);
                body::stream(answer, &mut head.headers, encoding, secrets, upload.take())
            } else {
                let limit = wanted.max_body_bytes.unwrap_or(limits.body);
                body::read(answer, &mut head.headers, encoding, limit, secrets).await?.into()
            };
        }
        *response.headers_mut() = std::mem::take(&mut head.headers);
        response.extensions_mut().insert(std::mem::take(secrets));
        Ok(response)
    }

    /// Makes one attempt, with the options in these extensions of the request.
    async fn exchange(&self, extensions: &Extensions, prepared: &mut Prepared) -> Result<Response, TransportError> {
        let options = CallOptions::of_extensions(extensions);
        let wanted = Wanted::of(options);
        let limit = options.attempt_timeout().unwrap_or(self.0.limits.attempt);
        let of_attempt;
        let progress = if let Some(of_call) = &options.progress {
            of_call
        } else {
            of_attempt = Progress::default();
            &of_attempt
        };
        progress.reset();
        let result = timeout(limit, self.attempt(prepared, wanted, progress)).await;
        result.unwrap_or_else(|_elapsed| Err(progress.timeout(TimeLimit::Attempt, limit))).map_err(|error| {
            self.locate(match error.status() {
                Some(_) if error.headers().is_none() => error.with_headers(progress.swap_headers(HeaderMap::new())),
                _ => error,
            })
        })
    }

    /// Adds to a request with these headers what this transport adds. The headers in its head are ignored.
    fn prepare(&self, head: &Parts, headers: HeaderMap, body: Body) -> Result<Prepared, TransportError> {
        let Parts { method, uri, extensions, .. } = head;
        // A deadline has checked it already.
        if CallOptions::of_extensions(extensions).progress.is_none() {
            runtime::check()?;
        }
        let refused = |rule| Err(TransportError::not_sent(TransportErrorKind::Refused).with_reason(rule));
        // Only the request's secrets: those of the transport were checked when it was built.
        let own = Secrets::of_parts(&headers, extensions);
        if self.0.is_exposed && !own.is_empty() {
            return refused(
                "its secret would be sent unencrypted; use `https://`, or call `.allow_plain_http()` on the builder",
            );
        }
        let query = self.0.query.added_to(uri.query());
        let Some(url) = self.0.base_url.join(uri.path(), query.as_deref()) else {
            return refused("its path has a segment `.` or `..`, or a character that must be percent-encoded");
        };
        let mut request = Request::new(body);
        *request.method_mut() = method.clone();
        *request.headers_mut() = headers;
        correct_content_length(&mut request);
        // Otherwise, hyper sends a `GET` without its body. Over HTTP/2, it leaves the header out.
        if request.body().length().is_none() {
            request.headers_mut().insert(header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        let mut sent = reqwest::Request::new(method.clone(), url);
        *sent.headers_mut() = std::mem::take(request.headers_mut());
        for (name, value) in &self.0.headers {
            // Headers set for the call take precedence.
            sent.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        let upload = match request.into_body().into_bytes() {
            Ok(bytes) => {
                if !bytes.is_empty() {
                    *sent.body_mut() = Some(bytes.into());
                }
                None
            }
            Err(stream) => {
                let (upload, handle) = Upload::new(stream);
                *sent.body_mut() = Some(reqwest::Body::wrap(upload));
                Some(handle)
            }
        };
        Ok(Prepared { request: Some(sent), secrets: self.0.secrets.with(&own), upload })
    }

    /// A copy of the headers of a request, with room for the transport's own, `accept-encoding` and `host`. A clone has none, and
    /// would grow twice.
    fn copied(&self, headers: &HeaderMap) -> HeaderMap {
        let mut copy = HeaderMap::with_capacity(headers.len() + self.0.headers.len() + 2);
        for (name, value) in headers {
            copy.append(name, value.clone());
        }
        copy
    }

    /// Says in an error which server was called, and over which route. If there is no connection and no proxy, a variable
    /// of the environment that names one may be why.
    fn locate(&self, error: TransportError) -> TransportError {
        let Shared { base_url, connections, .. } = &*self.0;
        let error = error.with_server(base_url.as_str());
        let Some(network) = connections.network() else { return error };
        let error = match error.source().filter(|_| error.is_connect()).and_then(|source| network.hint(source)) {
            Some(hint) => error.with_hint(&hint),
            None => error,
        };
        match network.route() {
            Some(route) => error.with_route(&route),
            None if error.is_connect() => match proxy::unused_variable(base_url) {
                Some(name) => error.with_hint(&format!("`{name}` is set but not used: `.proxy_from_env()`")),
                None => error,
            },
            None => error,
        }
    }
}

/// The headers of a response whose body is being read. If reading ends early, for any reason, the error gets them.
struct Head<'p> {
    headers: HeaderMap,
    progress: &'p Progress,
}

impl Drop for Head<'_> {
    fn drop(&mut self) {
        if !self.headers.is_empty() {
            self.progress.swap_headers(std::mem::take(&mut self.headers));
        }
    }
}

/// Why the end of a response is ambiguous, or its body is still encoded.
///
/// With two framings, hyper reads chunks; with an unknown coding, it reads until the connection closes. A proxy may
/// decide otherwise, and the difference would pass for the next call's response. RFC 9112, 6.3: it "ought to be handled
/// as an error".
fn unclear_frame(answer: &reqwest::Response, headers: &HeaderMap) -> Option<&'static str> {
    // The length is zero, so nothing is ambiguous.
    if answer.content_length() == Some(0) {
        return None;
    }
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => None,
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => headers
            .contains_key(header::CONTENT_LENGTH)
            .then_some("it has both `transfer-encoding` and `content-length`"),
        _ => Some("its `transfer-encoding` is not `chunked`, which is the only one supported"),
    }
}

impl Transport for ReqwestTransport {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn base_url(&self) -> Option<&str> {
        Some(self.0.base_url.as_str())
    }

    fn __secrets(&self) -> Option<&Secrets> {
        Some(&self.0.secrets)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (mut head, body) = request.into_parts();
        Box::pin(async move {
            let headers = std::mem::take(&mut head.headers);
            let mut prepared = self.prepare(&head, headers, body)?;
            self.exchange(&head.extensions, &mut prepared).await
        })
    }

    fn __attempt<'a>(&'a self, head: &'a Parts, body: Body) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move {
            let mut prepared = self.prepare(head, self.copied(&head.headers), body)?;
            self.exchange(&head.extensions, &mut prepared).await
        })
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, header};

    use super::*;

    fn builder(base_url: &str) -> ReqwestTransportBuilder {
        ReqwestTransport::builder(base_url)
    }

    #[tokio::test]
    async fn a_timeout_does_not_report_the_status_of_an_earlier_attempt() {
        // It accepts connections, but never responds.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", silent.local_addr().expect("its address"));
        let transport = builder(&base_url).attempt_timeout(Duration::from_millis(50)).build().expect("a transport");
        let mut request = Request::default();
        let progress = Progress::default();
        progress.set(http::StatusCode::SERVICE_UNAVAILABLE);
        CallOptions::of_mut(&mut request).progress = Some(progress);
        let error = transport.send(request).await.expect_err("no response");
        assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, .. }), "{error:?}");
        assert_eq!(error.status(), None);
    }

    #[tokio::test]
    async fn every_attempt_has_the_headers_of_its_request_in_their_order() {
        let transport = builder("http://127.0.0.1:1").user_agent("test/1").build().expect("a transport");
        let mut request = Request::default();
        let mut secret = HeaderValue::from_static("s3cret");
        secret.set_sensitive(true);
        let values = [("x-b", HeaderValue::from_static("2")), ("x-a", secret), ("x-b", HeaderValue::from_static("1"))];
        for (name, value) in values {
            request.headers_mut().append(name, value);
        }
        let (head, _) = request.into_parts();
        let sent = |headers| {
            let prepared = transport.prepare(&head, headers, Body::default()).expect("a request");
            let request = prepared.request.expect("not sent yet");
            request
                .headers()
                .iter()
                .map(|(name, value)| (name.clone(), value.clone(), value.is_sensitive()))
                .collect::<Vec<_>>()
        };
        let (first, last) = (sent(transport.copied(&head.headers)), sent(head.headers.clone()));
        assert_eq!(first, last);
        assert_eq!(
            first.iter().map(|(name, ..)| name.as_str()).collect::<Vec<_>>(),
            ["x-b", "x-b", "x-a", "user-agent"]
        );
    }

    #[tokio::test]
    async fn a_credential_of_a_single_request_is_not_sent_unencrypted() {
        let transport = builder("http://example.com").build().expect("without a key");
        let mut value = HeaderValue::from_static("Bearer s3cret");
        value.set_sensitive(true);
        let mut request = Request::default();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        let error = transport.send(request).await.expect_err("refused");
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, false));
    }
}
