//! The transport of the network: reqwest, set up so that it does what was asked and no more.

mod body;
mod failure;
mod protocols;
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
mod tls;
#[cfg(not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs")))]
#[path = "reqwest/without_tls.rs"]
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use tokio::time::timeout;

use self::body::Encoding;
use self::protocols::Protocols;
use self::tls::RootCertificates;
use super::base_url::BaseUrl;
use super::deadline::Progress;
use super::{BoxFuture, TimeLimit, Transport, TransportError, TransportErrorKind};
use crate::call::CallOptions;
use crate::config::ConfigError;
use crate::request::{CREDENTIALS, FRAMING, Request, set_content_length};
use crate::response::Response;
use crate::secret::{Secret, Secrets};

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
/// - Redirects are not followed: a 3xx is a status like any other. A `POST` stays one, and the key stays with its host.
/// - Nothing is sent twice: what may be repeated is for a transport around this one to decide.
/// - An answer whose end can be read in two ways is refused, and what comes on a connection unasked is no call's answer.
/// - No proxy is used, neither one that the environment names (`HTTPS_PROXY`, `ALL_PROXY`) nor one that the platform is set
///   to: every connection goes to the host of the base URL. That may be a reverse proxy; a forward proxy, which is asked to
///   `CONNECT`, can't be used.
/// - TLS is rustls with the platform's root certificates, and those of
///   [`root_certificate_pem`](ReqwestTransportBuilder::root_certificate_pem); which cryptography is a feature of the crate.
///   Nothing of a request is sent before the server's certificate is verified.
/// - With the feature `http2`, HTTP/2 is spoken where the server offers it. One connection then carries all calls.
/// - Every wait and every size has a limit: see the builder.
///
/// A clone shares the connections. It needs a tokio runtime with I/O and time.
#[derive(Clone, Debug)]
pub struct ReqwestTransport(Arc<Parts>);

/// What every request needs, prepared once.
#[derive(Debug)]
struct Parts {
    client: reqwest::Client,
    base_url: BaseUrl,
    headers: HeaderMap,
    secrets: Secrets,
    /// Whether what is sent can be read on its way, and nobody said that this is all right.
    is_exposed: bool,
    limits: Limits,
}

#[derive(Clone, Copy, Debug)]
struct Limits {
    connect: Duration,
    attempt: Duration,
    body: u64,
}

impl Limits {
    /// Connecting is a part of an attempt, and has no more time than that: which limit ends it, and when.
    fn connecting(self) -> (TimeLimit, Duration) {
        if self.connect < self.attempt {
            (TimeLimit::Connect, self.connect)
        } else {
            (TimeLimit::Attempt, self.attempt)
        }
    }

    /// How long an attempt is waited for. Where connecting has all of its time, the clock of the connection is the one to run out
    /// first, though it starts a moment later: it knows that nothing was sent.
    fn waiting(self) -> Duration {
        const MOMENT: Duration = Duration::from_millis(10);
        match self.connecting() {
            (TimeLimit::Attempt, attempt) => attempt.saturating_add(MOMENT),
            _ => self.attempt,
        }
    }
}

impl ReqwestTransport {
    /// Starts a transport to the API at `base_url`: `https://host`, with a path before every endpoint's if there is one
    /// (`https://host/api/v1`).
    pub fn builder(base_url: impl AsRef<str>) -> ReqwestTransportBuilder {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, HeaderValue::from_static(USER_AGENT));
        if cfg!(feature = "gzip") {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
        ReqwestTransportBuilder {
            base_url: BaseUrl::parse(base_url.as_ref()),
            headers: Ok(headers),
            secrets: Vec::new(),
            limits: Limits {
                connect: DEFAULT_CONNECT_TIMEOUT,
                attempt: DEFAULT_ATTEMPT_TIMEOUT,
                body: DEFAULT_MAX_BODY_BYTES,
            },
            allow_plain_http: false,
            root_certificates: Ok(RootCertificates::default()),
            protocols: Protocols::default(),
        }
    }

    /// One attempt, without its timeout.
    async fn attempt(
        &self,
        request: reqwest::Request,
        secrets: Secrets,
        max_body_bytes: u64,
        progress: &Progress,
    ) -> Result<Response, TransportError> {
        let Parts { client, limits, .. } = &*self.0;
        // The runtime looks at its sockets first: bytes that came on a kept connection while this thread was busy would pass for
        // this call's answer, and a connection that ended meanwhile would take the request with it.
        tokio::task::yield_now().await;
        let mut answer =
            client.execute(request).await.map_err(|error| failure::unanswered(error, *limits, &secrets))?;

        progress.set(answer.status());
        if let Some(rule) = unclear_frame(&answer) {
            let error = TransportError::sent(TransportErrorKind::Interrupted);
            return Err(error.with_status(answer.status()).with_source(rule));
        }
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.version_mut() = answer.version();
        std::mem::swap(response.headers_mut(), answer.headers_mut());
        let encoding = Encoding::take(response.headers_mut());
        *response.body_mut() = body::read(answer, encoding, max_body_bytes, &secrets).await?;
        response.extensions_mut().insert(secrets);
        Ok(response)
    }
}

/// Why it can't be said for sure where an answer ends, or what of it is still encoded.
///
/// hyper reads one with two frames by its chunks, and one with a coding that it doesn't know to the connection's end. A
/// proxy on the way may see it otherwise: what lies between would pass for the next call's answer. RFC 9112, 6.3: it
/// "ought to be handled as an error".
fn unclear_frame(answer: &reqwest::Response) -> Option<&'static str> {
    // The status or the method says that there is no body: no header can say otherwise.
    if answer.content_length() == Some(0) {
        return None;
    }
    let mut codings = answer.headers().get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => None,
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => answer
            .headers()
            .contains_key(header::CONTENT_LENGTH)
            .then_some("it has both `transfer-encoding` and `content-length`"),
        _ => Some("its `transfer-encoding` is not `chunked`, and no other was asked for"),
    }
}

impl Transport for ReqwestTransport {
    fn base_url(&self) -> Option<&str> {
        Some(self.0.base_url.as_str())
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let Parts { base_url, headers, secrets, limits, .. } = &*self.0;
            let max_body_bytes = CallOptions::of(&request).max_body_bytes().unwrap_or(limits.body);
            let progress = Progress::of(&request);
            progress.reset();
            // Of the request alone: the transport's own were prepared once.
            let own: Vec<_> = request.headers().values().filter(|value| value.is_sensitive()).collect();
            if self.0.is_exposed && !own.is_empty() {
                let rule =
                    "its credential would go over the network unencrypted; use `https://`, or `.allow_plain_http()`";
                return Err(TransportError::not_sent(TransportErrorKind::Refused).with_source(rule));
            }

            let secrets = secrets.with(own.into_iter().filter_map(Secret::of_header).collect());
            let Some(url) = base_url.join(request.uri().path(), request.uri().query()) else {
                let rule = "its path has a segment `.` or `..`, or a character that must be percent-encoded";
                return Err(TransportError::not_sent(TransportErrorKind::Refused).with_source(rule));
            };
            let mut request = request;
            set_content_length(&mut request);
            let (parts, body) = request.into_parts();

            let mut sent = reqwest::Request::new(parts.method, url);
            *sent.headers_mut() = parts.headers;
            for (name, value) in headers {
                // What the call sets for itself stays.
                sent.headers_mut().entry(name).or_insert_with(|| value.clone());
            }
            if !body.is_empty() {
                *sent.body_mut() = Some(body.into());
            }

            timeout(limits.waiting(), self.attempt(sent, secrets, max_body_bytes, &progress))
                .await
                .unwrap_or_else(|_elapsed| Err(progress.timeout(TimeLimit::Attempt, limits.attempt)))
                .map_err(|error| error.with_server(base_url.as_str()))
        })
    }
}

const USER_AGENT: &str = concat!("courier-core/", env!("CARGO_PKG_VERSION"));

/// A header's name that is the user's to set for all requests.
fn header_name(name: &str) -> Result<HeaderName, ConfigError> {
    let refuse = |rule| ConfigError::Header { name: name.to_owned(), rule };
    match HeaderName::from_bytes(name.as_bytes()) {
        Err(_) => Err(refuse("its name has a character that HTTP does not allow")),
        Ok(name) if FRAMING.contains(&name) => {
            Err(refuse("it frames the message, and is set for each by the transport"))
        }
        // It would be set, and never sent.
        Ok(header::ACCEPT) => Err(refuse(
            "each endpoint sends what its outcomes can be read from; declare another one there, as `header(\"accept\" = \"…\")`",
        )),
        Ok(name) => Ok(name),
    }
}

/// Enough for a handshake over a slow network, and below the deadline.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Long for an API's answer; short enough that a deadline leaves room for a second attempt.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// 8 MiB: far above any answer of a JSON API, and bearable a hundred times over.
const DEFAULT_MAX_BODY_BYTES: u64 = 8 * 1024 * 1024;

/// Builds a [`ReqwestTransport`]. What is wrong with a setting is told by [`build`](Self::build).
#[derive(Debug)]
#[must_use = "a builder does nothing until `.build()`"]
pub struct ReqwestTransportBuilder {
    base_url: Result<BaseUrl, ConfigError>,
    headers: Result<HeaderMap, ConfigError>,
    secrets: Vec<Secret>,
    limits: Limits,
    allow_plain_http: bool,
    root_certificates: Result<RootCertificates, ConfigError>,
    protocols: Protocols,
}

impl ReqwestTransportBuilder {
    /// Another API than the one it was started with.
    pub(crate) fn base_url(mut self, base_url: &str) -> Self {
        self.base_url = BaseUrl::parse(base_url);
        self
    }

    /// Sends `authorization: Bearer …` with every request. Kept out of every text, `Debug` and errors included.
    pub fn bearer_token(self, token: impl AsRef<str>) -> Self {
        self.secret(header::AUTHORIZATION, "Bearer ", token.as_ref())
    }

    /// Sends a credential in a header of this name (`x-api-key`) with every request. Kept out of every text.
    pub fn secret_header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match header_name(name.as_ref()) {
            Ok(name) => self.secret(name, "", value.as_ref()),
            Err(error) => self.refuse(error),
        }
    }

    fn secret(mut self, name: HeaderName, prefix: &str, value: &str) -> Self {
        match Secret::new(value) {
            Ok(secret) => {
                if let Ok(headers) = &mut self.headers {
                    headers.insert(name, secret.header_value(prefix));
                }
                self.secrets.push(secret);
                self
            }
            Err(rule) => self.refuse(ConfigError::Key { rule }),
        }
    }

    /// Sends a header with every request, unless a call sets one of the same name. Not `accept`, which each endpoint sets. For a
    /// credential use
    /// [`secret_header`](Self::secret_header).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = match header_name(name.as_ref()) {
            Ok(name) => name,
            Err(error) => return self.refuse(error),
        };
        match HeaderValue::from_str(value.as_ref()) {
            Ok(mut value) if value.as_bytes().is_ascii() => {
                // A credential is one by whatever way it comes.
                if CREDENTIALS.contains(&name) {
                    value.set_sensitive(true);
                    self.secrets.extend(Secret::of_header(&value));
                }
                if let Ok(headers) = &mut self.headers {
                    headers.insert(name, value);
                }
                self
            }
            _ => {
                let rule = "its value is not visible ASCII characters and spaces";
                self.refuse(ConfigError::Header { name: name.to_string(), rule })
            }
        }
    }

    /// Keeps the first error: it is the one to mend first.
    fn refuse(mut self, error: ConfigError) -> Self {
        if self.headers.is_ok() {
            self.headers = Err(error);
        }
        self
    }

    /// The time until there is a connection, TLS included, and no more than an attempt has. Default: 5 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// The time for one attempt, from connecting to the last byte of the body. Default: 20 seconds.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt = timeout;
        self
    }

    /// The limit of an answer's body, in bytes after decompression. Default: 8 MiB.
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        self.limits.body = limit;
        self
    }

    /// Lets a credential go over `http://` to a host that is not this machine: on a network where nobody listens.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Trusts the certificates that these authorities issue, beside those of the platform's: a company's own, or a test
    /// server's. May be called repeatedly.
    ///
    /// `pem` is the text of a PEM file ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) with one certificate or several,
    /// from `-----BEGIN CERTIFICATE-----` on. Text between them is skipped.
    ///
    /// ```no_run
    /// use courier_core::ReqwestTransport;
    ///
    /// let transport = ReqwestTransport::builder("https://api.internal.example")
    ///     .root_certificate_pem(std::fs::read_to_string("/etc/ssl/internal-ca.pem")?)
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// What is added is an authority. A server's own self-signed certificate serves too if it does not say that it is one itself:
    /// `openssl req -x509 -addext basicConstraints=critical,CA:FALSE`.
    ///
    /// On Android, which takes them from the app's network security configuration alone, none can be added.
    ///
    /// [`build`](Self::build) refuses a text without a certificate, with a broken one or with a private key, and any in a
    /// build of this crate without TLS.
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        if let Ok(certificates) = &mut self.root_certificates {
            if let Err(rule) = certificates.add(pem.as_ref()) {
                self.root_certificates = Err(ConfigError::RootCertificate { rule });
            }
        }
        self
    }

    /// Speaks HTTP/2 from the first byte on, without asking whether the server can
    /// ([RFC 9113, section 3.3](https://www.rfc-editor.org/rfc/rfc9113#section-3.3)). It needs the feature `http2`.
    ///
    /// That is the only way to HTTP/2 over `http://`. Over `https://` the server is asked anyway, and here is offered nothing
    /// else. A server that speaks HTTP/1.1 alone can't be called so.
    #[cfg(feature = "http2")]
    pub fn http2_prior_knowledge(mut self) -> Self {
        self.protocols = Protocols::http2_alone();
        self
    }

    /// Builds the transport. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: which setting breaks which rule.
    pub fn build(self) -> Result<ReqwestTransport, ConfigError> {
        let (base_url, headers, root_certificates) = (self.base_url?, self.headers?, self.root_certificates?);
        let is_exposed = !base_url.is_https() && !base_url.is_loopback() && !self.allow_plain_http;
        if is_exposed && !self.secrets.is_empty() {
            return Err(ConfigError::PlainHttp { url: base_url.as_str().to_owned() });
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // What hyper still takes to another connection is a request of which none has written a byte.
            .retry(reqwest::retry::never())
            .referer(false)
            // On by themselves where another crate of the program turns on these features of reqwest: bodies are unpacked here.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_proxy()
            .connect_timeout(self.limits.connecting().1);
        let client = self.protocols.set_up(client);
        let client = tls::set_up(client, &base_url, root_certificates, self.protocols.offered())?
            .build()
            .map_err(|error| ConfigError::Client { what: "reqwest refused its settings", source: error.into() })?;
        let secrets = Secrets::new(self.secrets);
        Ok(ReqwestTransport(Arc::new(Parts { client, base_url, headers, secrets, is_exposed, limits: self.limits })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder(base_url: &str) -> ReqwestTransportBuilder {
        ReqwestTransport::builder(base_url)
    }

    #[test]
    fn a_header_for_all_requests_may_not_frame_them() {
        for name in ["Content-Length", "transfer-encoding", "host", "connection", "upgrade", "x y", ""] {
            let refused =
                [builder("http://[::1]:1").header(name, "5"), builder("http://[::1]:1").secret_header(name, "5")];
            for builder in refused {
                assert!(matches!(builder.build(), Err(ConfigError::Header { .. })), "{name}");
            }
        }
    }

    #[test]
    fn an_accept_for_all_requests_is_refused_since_it_would_not_be_sent() {
        let error =
            builder("http://[::1]:1").header("Accept", "application/vnd.github+json").build().expect_err("refused");
        assert!(error.to_string().contains("\"Accept\"") && error.to_string().contains("each endpoint"), "{error}");
    }

    #[test]
    fn a_credential_is_one_by_whatever_way_it_comes() {
        let with_key = |base_url| builder(base_url).header("authorization", "Bearer s3cret");
        let transport = with_key("https://example.com").build().expect("a transport");
        assert!(!format!("{transport:#?}").contains("s3cret"));
        assert!(matches!(with_key("http://example.com").build(), Err(ConfigError::PlainHttp { .. })));
    }

    #[tokio::test]
    async fn a_timeout_knows_nothing_of_the_status_of_an_earlier_attempt() {
        // It takes connections, and never says a word.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base_url = format!("http://{}", silent.local_addr().expect("its address"));
        let transport = builder(&base_url).attempt_timeout(Duration::from_millis(50)).build().expect("a transport");
        let mut request = Request::default();
        let progress = Progress::default();
        progress.set(http::StatusCode::SERVICE_UNAVAILABLE);
        request.extensions_mut().insert(progress);
        let error = transport.send(request).await.expect_err("no answer");
        assert!(matches!(error.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Attempt, .. }), "{error:?}");
        assert_eq!(error.status(), None);
    }

    #[tokio::test]
    async fn a_credential_of_one_request_does_not_go_unencrypted_either() {
        let transport = builder("http://example.com").build().expect("without a key");
        let mut value = HeaderValue::from_static("Bearer s3cret");
        value.set_sensitive(true);
        let mut request = Request::default();
        request.headers_mut().insert(header::AUTHORIZATION, value);
        let error = transport.send(request).await.expect_err("refused");
        assert_eq!((error.kind(), error.may_have_arrived()), (TransportErrorKind::Refused, false));
    }
}
