//! The settings of the transport, each checked when it is given.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::protocols::Protocols;
use super::secret_query::SecretQuery;
use super::tls::{self, RootCertificates};
use super::{Limits, Parts, ReqwestTransport};
use crate::config::ConfigError;
use crate::request;
use crate::secret::{self, BasicAuth, Secret, Secrets};
use crate::transport::base_url::BaseUrl;

/// A header's name that is the user's to set for all requests.
fn header_name(name: &str) -> Result<HeaderName, ConfigError> {
    let refuse = |rule| ConfigError::Header { name: name.to_owned(), rule };
    match request::header::name(name).map_err(refuse)? {
        // It would be set, and never sent.
        header::ACCEPT => Err(refuse(
            "each endpoint sends what its outcomes can be read from; declare another one there, as `header(\"accept\" = \"…\")`",
        )),
        name => Ok(name),
    }
}

fn unusable(what: &str, rule: &'static str) -> ConfigError {
    ConfigError::Credential { what: what.to_owned(), rule }
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
            },
            allow_plain_http: false,
            root_certificates: Ok(RootCertificates::default()),
            protocols: Protocols::default(),
        }
    }

    /// Another base URL than the one that the builder was started with.
    pub fn base_url(mut self, base_url: &str) -> Self {
        self.base_url = BaseUrl::parse(base_url);
        self
    }

    /// Sends `authorization: Bearer …` with every request. Kept out of every text, `Debug` and errors included.
    pub fn bearer_token(self, token: impl AsRef<str>) -> Self {
        self.bearer("the bearer token", token.as_ref())
    }

    /// The same, with the words for it in an error.
    pub(crate) fn bearer(self, what: &str, token: &str) -> Self {
        let value = secret::bearer(token).map_err(|rule| unusable(what, rule));
        self.sensitive(header::AUTHORIZATION, value)
    }

    /// Sends `authorization: Basic …` with every request ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)): user and password
    /// in UTF-8 and base64. Both are kept out of every text.
    ///
    /// An API that takes a key in place of a user has its password empty: `.basic_auth(key, "")`.
    pub fn basic_auth(self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        let basic = BasicAuth { user: user.as_ref(), password: password.as_ref() };
        let value =
            basic.header_value().map_err(|(what, rule)| unusable(&format!("{what} of the basic authentication"), rule));
        self.sensitive(header::AUTHORIZATION, value)
    }

    /// Sends a credential in a header of this name (`x-api-key`) with every request. Kept out of every text: the whole value, and
    /// each part of one with several (`name=value`, `user:password`).
    pub fn secret_header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = match header_name(name.as_ref()) {
            Ok(name) => name,
            Err(error) => return self.refuse(error),
        };
        let value = secret::header_value(value.as_ref())
            .map_err(|rule| unusable(&format!("the value of the header `{name}`"), rule));
        self.sensitive(name, value)
    }

    /// Sends a credential in the query of every request (`?api_key=…`), unless a call has a pair of the same name. It is
    /// percent-encoded. Kept out of every text; [`Call::curl`](crate::Call::curl) leaves the pair out.
    ///
    /// What a proxy or a server writes into its log is the URL with the key: prefer a header if the API has one.
    pub fn secret_query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        if name.is_empty() {
            return self.refuse(unusable(
                "the name of a pair in the query",
                "it is empty; give the one that the API asks for",
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

    /// A header that is a secret by itself, with all its parts.
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

    /// Sends `user-agent` with every request: the program's name and version, which some APIs require. Default: none.
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

    /// Sends a header with every request, unless a call sets one of the same name. Not `accept`, which each endpoint sets. For a
    /// credential use
    /// [`secret_header`](Self::secret_header).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let name = match header_name(name.as_ref()) {
            Ok(name) => name,
            Err(error) => return self.refuse(error),
        };
        let mut value = match request::header::value(value.as_ref()) {
            Ok(value) => value,
            Err(rule) => return self.refuse(ConfigError::Header { name: name.to_string(), rule }),
        };
        // A credential is one by whatever way it comes.
        if request::header::is_credential(&name) {
            value.set_sensitive(true);
            secret::parts_of_header(&name, &value, &mut self.secrets);
        }
        if let Ok(headers) = &mut self.headers {
            headers.insert(name, value);
        }
        self
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
            // On by default if another crate of the program turns on the features of reqwest for them: bodies are unpacked here,
            // names are resolved by the system.
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
}
