//! The error of a client's builder.

use std::error::Error as StdError;
use std::fmt;

use thiserror::Error;

use crate::text::write_causes;

/// Why a client can't be built: the setting, the rule, and the fix. It never contains a key.
#[derive(Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A required setting is missing.
    #[error("{setting} is missing: {remedy}")]
    #[non_exhaustive]
    Missing {
        /// The setting: "the API key".
        setting: &'static str,
        /// How to set it.
        remedy: &'static str,
    },
    /// A key, token or password can't be sent.
    #[error("{what} is not usable: {rule} (it is not shown here)")]
    #[non_exhaustive]
    Credential {
        /// Which credential: "the API key", ``the value of the header `x-api-key` ``.
        what: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// The base URL can't be used.
    #[error("the base URL {url:?} is not usable: {rule}")]
    #[non_exhaustive]
    BaseUrl {
        /// The URL that was passed, without user info and query; "(not shown)" if it isn't a URL.
        url: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// A key, token or password would be sent unencrypted.
    #[error(
        "the base URL {url:?}{} would send a credential unencrypted: use `https://` or a loopback address, or call \
         `.allow_plain_http()` on the builder if the network is trusted",
        through(.proxy.as_deref())
    )]
    #[non_exhaustive]
    PlainHttp {
        /// The base URL.
        url: String,
        /// The proxy, if there is one, without user and password. It has to be on this machine, too.
        proxy: Option<String>,
    },
    /// A header for all requests is invalid.
    #[error("the header {name:?} can't be sent with every request: {rule}")]
    #[non_exhaustive]
    Header {
        /// The header's name. Its value may be a secret, and isn't kept.
        name: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// A root certificate can't be added.
    #[error("the root certificate is not usable: {rule}")]
    #[non_exhaustive]
    RootCertificate {
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// A client certificate can't be used.
    #[error("the client certificate is not usable: {rule}")]
    #[non_exhaustive]
    ClientCertificate {
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// Another setting is invalid, or excludes one that was given too.
    #[error("{what} is not usable: {rule}")]
    #[non_exhaustive]
    Setting {
        /// The setting: "the proxy", ``the proxy in `HTTPS_PROXY` ``.
        what: String,
        /// The rule that it breaks, and the fix.
        rule: &'static str,
    },
    /// No cryptography provider is installed. If `rustls-no-provider` is the only TLS feature, the program must install one.
    #[error(
        "TLS has no cryptography provider: courier-core was built with the feature `rustls-no-provider`, and none was \
         installed before the client was built; call `install_default()` on one first, such as \
         `rustls::crypto::aws_lc_rs::default_provider()`, or enable the feature `rustls-aws-lc-rs` of courier-core"
    )]
    #[non_exhaustive]
    NoCryptoProvider {},
    /// The TLS library or the HTTP client can't be set up.
    #[error("the HTTP client can't be set up: {what}")]
    #[non_exhaustive]
    Client {
        /// What failed.
        what: &'static str,
        /// The underlying error.
        source: Box<dyn StdError + Send + Sync>,
    },
}

fn through(proxy: Option<&str>) -> String {
    proxy.map_or_else(String::new, |proxy| format!(" through the proxy {proxy}"))
}

/// `Display` and the causes, because a `main` that returns the error prints its `Debug`.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        write_causes(f, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_has_the_cause_that_display_leaves_to_the_chain() {
        let error = ConfigError::Client { what: "no reason", source: "the cause".into() };
        assert_eq!(error.to_string(), "the HTTP client can't be set up: no reason");
        assert_eq!(format!("{error:?}"), "the HTTP client can't be set up: no reason: the cause");
    }
}
