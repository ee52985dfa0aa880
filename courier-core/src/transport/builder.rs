//! The settings of a transport over the network, each checked when it is given.

use std::fmt;
use std::marker::PhantomData;

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::base_url::BaseUrl;
use super::origin::secret_query::SecretQuery;
use super::origin::{Origin, Wire};
use super::settings::{Settings, settings_of_a_transport};
use crate::config::ConfigError;
use crate::request;
use crate::secret::{self, BasicAuth, Secret, Secrets};

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

/// Builds a transport over the network, such as a [`ReqwestTransport`](crate::ReqwestTransport). [`build`](Self::build) reports
/// invalid settings.
#[must_use = "a builder does nothing until `.build()`"]
pub struct TransportBuilder<T> {
    pub(crate) parts: Settled,
    transport: PhantomData<fn() -> T>,
}

/// What was set.
#[derive(Debug)]
pub struct Settled {
    base_url: Result<BaseUrl, ConfigError>,
    headers: HeaderMap,
    query: SecretQuery,
    secrets: Vec<Secret>,
    pub(crate) settings: Settings,
}

/// A transport that a [`TransportBuilder`] builds. Only this crate's transports are.
pub trait OverNetwork: Sized {
    #[doc(hidden)]
    fn __build(parts: Settled) -> Result<Self, ConfigError>;
}

impl Settled {
    /// Returns the base URL, and the settings after a check that they go together.
    pub(super) fn checked(&mut self) -> Result<(BaseUrl, &mut Settings), ConfigError> {
        let base_url = std::mem::replace(&mut self.base_url, BaseUrl::parse(""))?;
        self.settings.check()?;
        Ok((base_url, &mut self.settings))
    }

    /// Joins them with the connections to send over.
    pub(super) fn into_origin<W: Wire>(mut self, base_url: BaseUrl, wire: W) -> Result<Origin<W>, ConfigError> {
        let network = wire.network();
        let proxy = network.and_then(|network| network.proxy.as_ref());
        let is_local = network.map_or(base_url.is_loopback_for_any_resolver(), |network| network.is_local(&base_url));
        let is_exposed = !base_url.is_https() && !is_local && !self.settings.allow_plain_http;
        if is_exposed && !self.secrets.is_empty() {
            let proxy = proxy.map(ToString::to_string);
            return Err(ConfigError::PlainHttp { url: base_url.as_str().to_owned(), proxy });
        }
        if let Some(proxy) = proxy {
            self.secrets.extend_from_slice(proxy.secrets());
        }
        Ok(Origin {
            wire,
            base_url,
            headers: self.headers,
            query: self.query,
            secrets: Secrets::new(self.secrets),
            is_exposed,
            limits: self.settings.limits,
        })
    }
}

impl<T> fmt::Debug for TransportBuilder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.fmt(f)
    }
}

impl<T: OverNetwork> TransportBuilder<T> {
    pub(crate) fn new(base_url: &str) -> Self {
        let parts = Settled {
            base_url: BaseUrl::parse(base_url),
            headers: HeaderMap::new(),
            query: SecretQuery::default(),
            secrets: Vec::new(),
            settings: Settings::default(),
        };
        Self { parts, transport: PhantomData }
    }

    /// Replaces the base URL.
    pub fn base_url(mut self, base_url: &str) -> Self {
        self.parts.base_url = BaseUrl::parse(base_url);
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
                self.parts.query.add(name, value);
                self.parts.secrets.push(value.into());
                self
            }
            Err(rule) => self.refuse(unusable(&format!("the value of `{name}` in the query"), rule)),
        }
    }

    /// Sets a header whose value is secret, as a whole and in parts.
    fn sensitive(mut self, name: HeaderName, value: Result<HeaderValue, ConfigError>) -> Self {
        match value {
            Ok(value) => {
                secret::parts_of_header(&name, &value, &mut self.parts.secrets);
                self.parts.headers.insert(name, value);
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
            secret::parts_of_header(&name, &value, &mut self.parts.secrets);
        }
        self.parts.headers.insert(name, value);
        self
    }

    fn refuse(mut self, error: ConfigError) -> Self {
        self.parts.settings.refuse(error);
        self
    }

    settings_of_a_transport!(parts.settings);

    /// Builds the transport. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`], which says which setting breaks which rule.
    pub fn build(self) -> Result<T, ConfigError> {
        T::__build(self.parts)
    }
}

#[cfg(all(test, feature = "reqwest"))]
mod tests {
    use super::*;
    use crate::transport::ReqwestTransport;

    fn builder(base_url: &str) -> TransportBuilder<ReqwestTransport> {
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
        let transport = with_key("http://127.0.0.1:1").build().expect("a transport");
        assert!(!format!("{transport:#?}").contains("s3cret"));
        assert!(matches!(with_key("http://example.com").build(), Err(ConfigError::PlainHttp { .. })));
    }
}
