//! The Courier client: key, host, deadline, attempts, limits.

use std::env;
use std::time::Duration;

use crate::config::ConfigError;
use crate::request::Request;
use crate::transport::{
    BoxFuture, Deadline, Policy, ReqwestTransport, ReqwestTransportBuilder, Response, Retry, Transport, TransportError,
};

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
/// A transient failure is retried where that can do no harm, with three attempts in all: [`Retry`] has the table.
///
/// A clone shares the connections and the budget of retries, and is cheap.
///
/// A call needs a tokio runtime, and connections end with the runtime that made them: build a client for each `#[tokio::test]`.
/// [`ReqwestTransport`] has [more about runtimes](ReqwestTransport#runtimes).
///
/// # Panics
///
/// A call panics, as tokio does, in a runtime built without `enable_time` or `enable_io`, or in one that is shutting down.
#[doc(alias = "runtime dropped the dispatch task")]
#[doc(alias = "dispatch task is gone")]
#[derive(Clone, Debug)]
pub struct Courier {
    transport: Deadline<Retry<ReqwestTransport>>,
}

impl Courier {
    /// The production host, `https://api.courier.com`.
    pub const PRODUCTION: &str = "https://api.courier.com";
    /// The production host in the European Union, `https://api.eu.courier.com`.
    pub const PRODUCTION_EU: &str = "https://api.eu.courier.com";

    /// A client of the production host with this API key.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], if the key can't be one or TLS can't be set up.
    pub fn new(api_key: impl AsRef<str>) -> Result<Self, ConfigError> {
        Self::builder().api_key(api_key).build()
    }

    /// A client with the key in the environment variable `COURIER_API_KEY` and, where it is set, the host in
    /// `COURIER_BASE_URL`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], if the key is missing or one of the two is not usable.
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

    /// Starts a client with settings of its own.
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
            transport: ReqwestTransport::builder(Self::PRODUCTION).user_agent(USER_AGENT),
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
    remedy: "set the environment variable `COURIER_API_KEY`, or pass it to `Courier::new` or `.api_key(…)`",
};
const USER_AGENT: &str = concat!("courier-core/", env!("CARGO_PKG_VERSION"));
const BASE_URL_VARIABLE: &str = "COURIER_BASE_URL";

/// The longest that a person waits.
const DEFAULT_DEADLINE: Duration = Duration::from_secs(60);

/// Builds a [`Courier`]. [`build`](Self::build) reports what is wrong with a setting.
#[derive(Debug)]
#[must_use = "a builder does nothing until `.build()`"]
pub struct CourierBuilder {
    transport: ReqwestTransportBuilder,
    has_key: bool,
    retries: Policy,
    deadline: Duration,
}

impl CourierBuilder {
    /// The API key, from Courier's settings page. It appears in no `Debug`, log or error.
    pub fn api_key(mut self, api_key: impl AsRef<str>) -> Self {
        self.transport = self.transport.bearer("the API key", api_key.as_ref());
        self.has_key = true;
        self
    }

    /// Another host, such as [`Courier::PRODUCTION_EU`], or your own proxy with a path before Courier's. Default:
    /// [`Courier::PRODUCTION`].
    ///
    /// `https`, or `http` to this machine; no query, fragment or user info.
    pub fn base_url(mut self, base_url: impl AsRef<str>) -> Self {
        self.transport = self.transport.base_url(base_url.as_ref());
        self
    }

    /// The time until there is a connection, TLS included, and no more than an attempt has. Default: 5 seconds.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.transport = self.transport.connect_timeout(timeout);
        self
    }

    /// The time for one attempt, from connecting to the last byte of the body. Default: 20 seconds.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.transport = self.transport.attempt_timeout(timeout);
        self
    }

    /// The time for a whole call, whatever happens in it. Default: 60 seconds. One call can have its own:
    /// [`Call::deadline`](crate::Call::deadline).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The number of attempts that a call makes at most, if it fails in a way that [`Retry`] retries. Default: 3; with 1, like 0,
    /// nothing is retried. One call can have its own: [`Call::max_attempts`](crate::Call::max_attempts).
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.retries.max_attempts = attempts;
        self
    }

    /// Retries after a 503 whatever the method is, also endpoints that are not declared `idempotent`, which can then take effect
    /// twice: see [`Retry::retry_unavailable_for_every_method`].
    pub fn retry_unavailable_for_every_method(mut self) -> Self {
        self.retries.trusts_unavailable = true;
        self
    }

    /// The limit of a response's body, in bytes after decompression. Default: 8 MiB.
    pub fn max_body_bytes(mut self, limit: u64) -> Self {
        self.transport = self.transport.max_body_bytes(limit);
        self
    }

    /// Trusts the certificates that these authorities issue, in addition to the platform's. May be called repeatedly. See
    /// [`ReqwestTransportBuilder::root_certificate_pem`].
    pub fn root_certificate_pem(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.transport = self.transport.root_certificate_pem(pem);
        self
    }

    /// Lets the key go over `http://` to a host that is not this machine: on a network where nobody listens.
    pub fn allow_plain_http(mut self) -> Self {
        self.transport = self.transport.allow_plain_http();
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: which setting breaks which rule.
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
        plain().allow_plain_http().build().expect("the user said so");
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
