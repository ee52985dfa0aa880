//! The settings of the transport, each checked when it is given.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::protocols::Protocols;
use super::secret_query::SecretQuery;
use super::tls::{self, RootCertificates};
use super::{Limits, Parts, ReqwestTransport};
use crate::config::ConfigError;
use crate::request::{self, StreamLimits};
use crate::secret::{self, BasicAuth, Secret, Secrets};
use crate::transport::DEFAULT_MAX_BODY_BYTES;
use crate::transport::base_url::BaseUrl;

/// Checks the name of a header that the user sets for all requests.
fn header_name(name: &str) -> Result<HeaderName, ConfigError> {
    let refuse = |rule| ConfigError::Header { name: name.to_owned(), rule };
    match request::header::name(name).map_err(refuse)? {
        // It would be set, but never sent.
        header::ACCEPT => Err(refuse(
            "each endpoint sends what its outcomes can read; to change that, declare it on the endpoint: `header(\"accept\" = \"…\")`",
        )),
        name => Ok(name),
    }
}

fn unusable(what: &str, rule: &'static str) -> ConfigError {
    ConfigError::Credential { what: what.to_owned(), rule }
}

/// Enough for a handshake over a slow network, and below the deadline.
const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Long for an API's response, but short enough that a deadline leaves room for a second attempt.
const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// Builds a [`ReqwestTransport`]. [`build`](Self::build) reports invalid settings.
#[derive(Debug)]
#[must_use = "a builder does nothing until `.build()`"]
pub struct ReqwestTransportBuilder {
    base_url: Result<BaseUrl, ConfigError>,
    headers: Result<HeaderMap, ConfigError>,
    query: SecretQuery,
    secrets: Vec<Secret>,
    limits: Limits,
    allow_plain_http: bool,
    root_certificates: Result<RootCertificates, ConfigError>,
    protocols: Protocols,
}

impl ReqwestTransportBuilder {
    pub(super) fn new(base_url: &str) -> Self {
        let headers = HeaderMap::new();
        Self {
            base_url: BaseUrl::parse(base_url),
            headers: Ok(headers),
            query: SecretQuery::default(),
            secrets: Vec::new(),
            limits: Limits {
                connect: DEFAULT_CONNECT_TIMEOUT,
                attempt: DEFAULT_ATTEMPT_TIMEOUT,
                body: DEFAULT_MAX_BODY_BYTES,
                stream: StreamLimits::default(),
            },
            allow_plain_http: false,
            root_certificates: Ok(RootCertificates::default()),
            protocols: Protocols::default(),
        }
    }

    /// Replaces the base URL.
    pub fn base_url(mut self, base_url: &str) -> Self {
        self.base_url = BaseUrl::parse(base_url);
        self
    }

    /// Sends `authorization: Bearer …` with every request. The token never appears in logs, errors or `Debug`.
    pub fn bearer_token(self, token: impl AsRef<str>) -> Self {
        self.bearer("the bearer token", token.as_ref())
    }

    /// Like `bearer_token`, with its own name for the token in errors.
    pub(crate) fn bearer(self, what: &str, token: &str) -> Self {
        let value = secret::bearer(token).map_err(|rule| unusable(what, rule));
        self.sensitive(header::AUTHORIZATION, value)
    }

    /// Sends `authorization: Basic …` with every request ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)): user and
    /// password in UTF-8 and base64. Neither appears in logs, errors or `Debug`.
    ///
    /// If the API takes a key as the user, leave the password empty: `.basic_auth(key, "")`.
    pub fn basic_auth(self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let basic = BasicAuth { user: user.as_ref(), password: password.as_ref() };
        let value =
            basic.header_value().map_err(|(what, rule)| unusable(&format!("{what} of the basic authentication"), rule));
        self.sensitive(header::AUTHORIZATION, value)
    }

    /// Sends a credential in a header of this name (`x-api-key`) with every request. It never appears in logs, errors
    /// or `Debug`, neither as a whole nor in parts (`name=value`, `user:password`).
    pub fn secret_header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = match header_name(name.as_ref()) {
            Ok(name) => name,
            Err(error) => return self.refuse(error),
        };
        let value = secret::header_value(value.as_ref())
            .map_err(|rule| unusable(&format!("the value of the header `{name}`"), rule));
        self.sensitive(name, value)
    }

    /// Sends a credential in the query of every request (`?api_key=…`), unless a call has a pair of the same name. It
    /// is percent-encoded. It never appears in logs, errors or `Debug`; [`Call::curl`](crate::Call::curl) leaves the
    /// pair out.
    ///
    /// Proxies and servers write URLs into their logs, including the key. If the API also accepts a header, use that.
    pub fn secret_query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        if name.is_empty() {
            return self.refuse(unusable(
                "the name of a pair in the query",
                "it is empty; pass the name that the API asks for",
            ));
        }
        match secret::query_value(value) {
            Ok(value) => {
                self.query.add(name, value);
                self.secrets.push(value.into());
                self
            }
            Err(rule) => self.refuse(unusable(&format!("the value of `{name}` in the query"), rule)),
        }
    }

    /// Sets a header whose value is secret, as a whole and in parts.
    fn sensitive(mut self, name: HeaderName, value: Result<HeaderValue, ConfigError>) -> Self {
        match value {
            Ok(value) => {
                secret::parts_of_header(&name, &value, &mut self.secrets);
                if let Ok(headers) = &mut self.headers {
                    headers.insert(name, value);
                }
                self
            }
            Err(error) => self.refuse(error),
        }
    }

    /// Sends `user-agent` with every request: the name and version of the program, which some APIs require. Default: none.
    ///
    /// ```
    /// # use courier_core::ReqwestTransport;
    /// const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    /// let github = ReqwestTransport::builder("https://api.github.com").user_agent(USER_AGENT).build()?;
    /// # Ok::<(), courier_core::ConfigError>(())
    /// ```
    pub fn user_agent(self, user_agent: impl AsRef<str>) -> Self {
        self.header(header::USER_AGENT, user_agent)
    }

    /// Sends a header with every request, unless a call sets one of the same name. `accept` isn't allowed, because each
    /// endpoint sets it. For a credential, use [`secret_header`](Self::secret_header).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = match header_name(name.as_ref()) {
            Ok(name) => name,
            Err(error) => return self.refuse(error),
        };
        let mut value = match request::header::value(value.as_ref()) {
            Ok(value) => value,
            Err(rule) => return self.refuse(ConfigError::Header { name: name.to_string(), rule }),
        };
        // Headers that hold credentials by definition are secret here, too.
        if request::header::is_credential(&name) {
            value.set_sensitive(true);
            secret::parts_of_header(&name, &value, &mut self.secrets);
        }
        if let Ok(headers) = &mut self.headers {
            headers.insert(name, value);
        }
        self
    }

    /// Keeps the first error, which is the one to fix first.
    fn refuse(mut self, error: ConfigError) -> Self {
        if self.headers.is_ok() {
            self.headers = Err(error);
        }
        self
    }

    /// Sets the timeout for connecting, including TLS. It never exceeds the attempt's. Default: 5 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// Sets the timeout for one attempt, from connecting to the last byte of the body, or to the head of the
    /// response if the body is read as a stream. Default: 20 seconds.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.limits.attempt = timeout;
        self
    }

    /// Sets the limit for a response's body, in bytes after decompression. Default: 8 MiB.
    ///
    /// It doesn't apply to a body that is read as a stream, such as a [`Download`](crate::Download). Use
    /// [`Call::max_body_bytes`](crate::Call::max_body_bytes) for that.
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        self.limits.body = limit;
        self
    }

    /// Sets the longest time without a byte of a body that is read as a stream, such as a [`Download`](crate::Download).
    /// It counts only while a byte is waited for. Default: 30 seconds. [`Call::idle_timeout`](crate::Call::idle_timeout)
    /// replaces it for one call.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.stream.idle = Some(timeout);
        self
    }

    /// Sets the longest time for a body that is read as a stream, from the response's head to its last byte. Default: no
    /// limit. [`Call::stream_timeout`](crate::Call::stream_timeout) replaces it for one call.
    pub fn stream_timeout(mut self, timeout: Duration) -> Self {
        self.limits.stream.total = Some(timeout);
        self
    }

    /// Allows credentials over `http://` to other machines. Only for networks where nobody can listen.
    pub fn allow_plain_http(mut self) -> Self {
        self.allow_plain_http = true;
        self
    }

    /// Trusts these certificate authorities in addition to the platform's, for example a company's own or a test
    /// server's. Can be called repeatedly.
    ///
    /// `pem` is the text of a PEM file ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)) with one or more
    /// certificates, each starting with `-----BEGIN CERTIFICATE-----`. Text between them is ignored.
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
    /// A server's own self-signed certificate also works, unless it declares itself an authority:
    /// `openssl req -x509 -addext basicConstraints=critical,CA:FALSE`.
    ///
    /// Android doesn't allow this: it only accepts certificates from the app's network security configuration.
    ///
    /// [`build`](Self::build) refuses a text without a certificate, with an invalid one, or with a private key. In a
    /// build without TLS, it refuses any.
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        if let Ok(certificates) = &mut self.root_certificates {
            if let Err(rule) = certificates.add(pem.as_ref()) {
                self.root_certificates = Err(ConfigError::RootCertificate { rule });
            }
        }
        self
    }

    /// Uses HTTP/2 from the first byte, without asking whether the server supports it
    /// ([RFC 9113, section 3.3](https://www.rfc-editor.org/rfc/rfc9113#section-3.3)). It needs the feature `http2`.
    ///
    /// Over `http://`, this is the only way to use HTTP/2. Over `https://`, it makes HTTP/2 the only offered version.
    /// Calls to a server that supports only HTTP/1.1 fail.
    #[cfg(feature = "http2")]
    pub fn http2_prior_knowledge(mut self) -> Self {
        self.protocols = Protocols::http2_alone();
        self
    }

    /// Builds the transport. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`], which says which setting breaks which rule.
    pub fn build(self) -> Result<ReqwestTransport, ConfigError> {
        let (base_url, headers, root_certificates) = (self.base_url?, self.headers?, self.root_certificates?);
        let is_exposed = !base_url.is_https() && !base_url.is_loopback() && !self.allow_plain_http;
        if is_exposed && !self.secrets.is_empty() {
            return Err(ConfigError::PlainHttp { url: base_url.as_str().to_owned() });
        }
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // hyper still moves a request to another connection if it hasn't written a byte of it.
            .retry(reqwest::retry::never())
            .referer(false)
            // These are on by default if another crate in the program enables reqwest's features for them. Here, this
            // crate decompresses bodies and the system resolves names.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_proxy()
            .no_hickory_dns()
            .connect_timeout(self.limits.connect_timeout());
        let client = self.protocols.set_up(client);
        let client = tls::set_up(client, &base_url, root_certificates, self.protocols.offered())?
            .build()
            .map_err(|error| ConfigError::Client { what: "reqwest refused its settings", source: error.into() })?;
        let secrets = Secrets::new(self.secrets);
        let query = self.query;
        Ok(ReqwestTransport(Arc::new(Parts {
            client,
            base_url,
            headers,
            query,
            secrets,
            is_exposed,
            limits: self.limits,
        })))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder(base_url: &str) -> ReqwestTransportBuilder {
        ReqwestTransport::builder(base_url)
    }

    #[test]
    fn a_header_that_frames_messages_is_refused_for_all_requests() {
        for name in ["Content-Length", "transfer-encoding", "host", "connection", "upgrade", "x y", ""] {
            let refused =
                [builder("http://[::1]:1").header(name, "5"), builder("http://[::1]:1").secret_header(name, "5")];
            for builder in refused {
                assert!(matches!(builder.build(), Err(ConfigError::Header { .. })), "{name}");
            }
        }
    }

    #[test]
    fn an_accept_for_all_requests_is_refused_because_it_would_not_be_sent() {
        let error =
            builder("http://[::1]:1").header("Accept", "application/vnd.github+json").build().expect_err("refused");
        assert!(error.to_string().contains("\"Accept\"") && error.to_string().contains("each endpoint"), "{error}");
    }

    #[test]
    fn a_credential_in_an_ordinary_header_is_secret_too() {
        let with_key = |base_url| builder(base_url).header("authorization", "Bearer s3cret");
        let transport = with_key("https://example.com").build().expect("a transport");
        assert!(!format!("{transport:#?}").contains("s3cret"));
        assert!(matches!(with_key("http://example.com").build(), Err(ConfigError::PlainHttp { .. })));
    }
}
