//! The Courier client, and its builder.

use std::env;
use std::time::Duration;

use super::connection::Connection;
use crate::config::ConfigError;
use crate::request::Request;
#[cfg(feature = "hyper")]
use crate::transport::settings::connections_of_a_transport;
#[cfg(feature = "reqwest")]
use crate::transport::settings::own_client_of_a_transport;
use crate::transport::settings::settings_of_a_transport;
use crate::transport::{BoxFuture, Deadline, Policy, Response, Retry, Transport, TransportBuilder, TransportError};

/// A client of the [Courier API](https://www.courier.com/docs/api-reference): a [`Transport`] with Courier's hosts and key.
///
/// ```no_run
/// use courier_core::{Courier, messages::Messages};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let courier = Courier::from_env()?;
/// let message = courier.cancel("1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f").await?.into_ok()?;
/// # Ok(())
/// # }
/// ```
///
/// Transient failures are retried if that can do no harm, with at most three attempts: see the table of [`Retry`].
///
/// Clones are cheap, and share the connections and the retry budget.
///
/// To go through a proxy, present a client certificate or use your own `reqwest::Client`, see the recipes in
/// [`network`](crate::network).
///
/// It sends over hyper if the feature `hyper` is on, and otherwise through reqwest. Both hold the same [guarantees](crate::guarantees).
///
/// Calls need a tokio runtime. Each runtime has connections of its own, so a client in a `static` works in several
/// `#[tokio::test]`s.
///
/// # Panics
///
/// Like tokio, calls panic in a runtime that was built without `enable_time` or `enable_io`, or that is shutting down.
#[derive(Clone, Debug)]
pub struct Courier {
    transport: Deadline<Retry<Connection>>,
}

impl Courier {
    /// The production host, `https://api.courier.com`.
    pub const PRODUCTION: &str = "https://api.courier.com";
    /// The production host in the European Union, `https://api.eu.courier.com`.
    pub const PRODUCTION_EU: &str = "https://api.eu.courier.com";

    /// Creates a client of the production host with this API key.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if the key is invalid, or TLS can't be set up.
    pub fn new(api_key: impl AsRef<str>) -> Result<Self, ConfigError> {
        Self::builder().api_key(api_key).build()
    }

    /// Creates a client from environment variables: the key in `COURIER_API_KEY`, and the base URL in `COURIER_BASE_URL`,
    /// which is optional.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if the key is missing, a variable is invalid, or TLS can't be set up.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let api_key = variable(KEY_VARIABLE).ok_or(MISSING_KEY)?;
        let builder = Self::builder().api_key(api_key);
        match variable(BASE_URL_VARIABLE) {
            Some(base_url) => builder.base_url(base_url).build(),
            None => builder.build(),
        }
    }

    /// Starts building a client with other settings.
    ///
    /// ```
    /// use std::time::Duration;
    /// use courier_core::Courier;
    ///
    /// let courier = Courier::builder()
    ///     .api_key("pk_prod_0123456789")
    ///     .base_url(Courier::PRODUCTION_EU)
    ///     .deadline(Duration::from_secs(10))
    ///     .build()?;
    /// # Ok::<(), courier_core::ConfigError>(())
    /// ```
    pub fn builder() -> CourierBuilder {
        CourierBuilder {
            transport: TransportBuilder::new(Self::PRODUCTION).user_agent(USER_AGENT),
            has_key: false,
            retries: Policy::default(),
            deadline: DEFAULT_DEADLINE,
        }
    }
}

impl Transport for Courier {
    fn inner(&self) -> Option<&dyn Transport> {
        Some(&self.transport)
    }

    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.transport.send(request)
    }
}

const KEY_VARIABLE: &str = "COURIER_API_KEY";
const MISSING_KEY: ConfigError = ConfigError::Missing {
    setting: "the API key",
    remedy: "pass it to `Courier::new` or `.api_key(…)`, or set the environment variable `COURIER_API_KEY`, which `Courier::from_env` reads",
};
const USER_AGENT: &str = concat!("courier-core/", env!("CARGO_PKG_VERSION"));
const BASE_URL_VARIABLE: &str = "COURIER_BASE_URL";

/// As long as a person would wait.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);

/// Builds a [`Courier`]. [`build`](Self::build) reports invalid settings.
#[derive(Debug)]
#[must_use = "a builder does nothing until `.build()`"]
pub struct CourierBuilder {
    transport: TransportBuilder<Connection>,
    has_key: bool,
    retries: Policy,
    deadline: Duration,
}

impl CourierBuilder {
    /// Sets the API key, from Courier's settings page. It never appears in `Debug`, logs or errors.
    pub fn api_key(mut self, api_key: impl AsRef<str>) -> Self {
        self.transport = self.transport.bearer("the API key", api_key.as_ref());
        self.has_key = true;
        self
    }

    /// Sets the base URL: another host, such as [`Courier::PRODUCTION_EU`], or your own proxy, with an optional path before
    /// Courier's. Default: [`Courier::PRODUCTION`].
    ///
    /// It must be `https`, or `http` to this machine, without a query, fragment or user info.
    pub fn base_url(mut self, base_url: impl AsRef<str>) -> Self {
        self.transport = self.transport.base_url(base_url.as_ref());
        self
    }

    /// Sets the time limit for a whole call, including retries. Default: 60 seconds. For a single call, use
    /// [`Call::deadline`](crate::Call::deadline).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets the maximum number of attempts per call, for failures that [`Retry`] retries. Default: 3. With 1 or 0, nothing
    /// is retried. For a single call, use [`Call::max_attempts`](crate::Call::max_attempts).
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.retries.max_attempts = attempts;
        self
    }

    /// Retries a 503 for every method. Endpoints that aren't declared `idempotent` may then take effect twice: see
    /// [`Retry::retry_unavailable_for_every_method`].
    pub fn retry_unavailable_for_every_method(mut self) -> Self {
        self.retries.trusts_unavailable = true;
        self
    }

    settings_of_a_transport!(transport.parts.settings);
    #[cfg(feature = "hyper")]
    connections_of_a_transport!(transport.parts.settings);
    #[cfg(feature = "reqwest")]
    own_client_of_a_transport!(transport.parts.settings);

    /// Sends through reqwest, like [`ReqwestTransport`](crate::ReqwestTransport), also if the feature `hyper` is on. Any crate of the
    /// program may turn that on, and the client then sends over hyper, like `HyperTransport`. Needs the feature `reqwest`.
    #[cfg(feature = "reqwest")]
    pub fn use_reqwest(mut self) -> Self {
        self.transport.parts.settings.uses_reqwest = true;
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] if a setting is missing or invalid, or TLS can't be set up.
    pub fn build(self) -> Result<Courier, ConfigError> {
        if !self.has_key {
            return Err(MISSING_KEY);
        }
        let transport = Retry::with_policy(self.transport.build()?, self.retries);
        Ok(Courier { transport: Deadline::new(transport, self.deadline) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_checked_when_it_is_given_and_not_shown() {
        for key in ["", " s3cret", "s3cret ", "s3cret\n", "s3\r\ncret", "s3cret\0", "s3crét", "s3 cret", "\"s3cret\""]
        {
            let error = Courier::new(key).expect_err(key);
            assert!(matches!(error, ConfigError::Credential { .. }), "{error:?}");
            let told = format!("{error} {error:?}");
            assert!(!told.contains("s3") && !told.contains("cr"), "{told}");
        }
    }

    #[test]
    fn the_key_is_in_no_debug() {
        let builder = Courier::builder().api_key("pk_secret").base_url("http://127.0.0.1:1");
        assert!(!format!("{builder:#?}").contains("pk_secret"));
        let courier = builder.build().expect("a client");
        assert!(!format!("{courier:#?}").contains("pk_secret"));
    }

    #[test]
    fn a_key_does_not_go_unencrypted_unless_the_user_says_so() {
        let plain = || Courier::builder().api_key("key").base_url("http://example.com");
        assert!(matches!(plain().build(), Err(ConfigError::PlainHttp { .. })));
        plain().allow_plain_http().build().expect("the user allowed it");
        Courier::builder().api_key("key").base_url("http://localhost:1").build().expect("loopback");
    }

    #[test]
    fn the_environment_gives_key_and_host() {
        let from = |key: Option<&str>, base_url: Option<&str>| {
            Courier::from_variables(|name| match name {
                "COURIER_API_KEY" => key.map(str::to_owned),
                "COURIER_BASE_URL" => base_url.map(str::to_owned),
                other => panic!("asked for {other}"),
            })
        };
        assert!(matches!(from(None, None), Err(ConfigError::Missing { setting: "the API key", .. })));
        assert!(matches!(from(Some("key"), Some("nowhere")), Err(ConfigError::BaseUrl { .. })));
        from(Some("key"), Some("http://[::1]:1/prefix/")).expect("a client");
        assert!(matches!(Courier::builder().build(), Err(ConfigError::Missing { .. })));
    }
}
