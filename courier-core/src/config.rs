//! What a builder refuses, before there is a client.

use std::error::Error as StdError;
use std::fmt;

use thiserror::Error;

/// Why a client can't be built: the setting, the rule, the remedy. A key is never part of it.
#[derive(Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A setting that has no default was not given.
    #[error("{setting} is missing: {remedy}")]
    #[non_exhaustive]
    Missing {
        /// The setting: "the API key".
        setting: &'static str,
        /// How to give it.
        remedy: &'static str,
    },
    /// A key, token or password can't be sent.
    #[error("{what} is not usable: {rule} (it is not shown here)")]
    #[non_exhaustive]
    Credential {
        /// What was given: "the API key", ``the value of the header `x-api-key` ``.
        what: String,
        /// The rule that it breaks, with the remedy.
        rule: &'static str,
    },
    /// The base URL can't be used.
    #[error("the base URL {url:?} is not usable: {rule}")]
    #[non_exhaustive]
    BaseUrl {
        /// The URL as it was given, without user info and query; "(not shown)" for what is no URL.
        url: String,
        /// The rule that it breaks, with the remedy.
        rule: &'static str,
    },
    /// A key, token or password would go over the network unencrypted.
    #[error(
        "the base URL {url:?} would send a credential unencrypted: use `https://`, a loopback address, or say \
         `.allow_plain_http()` if you know that nobody listens"
    )]
    #[non_exhaustive]
    PlainHttp {
        /// The base URL.
        url: String,
    },
    /// A header for all requests that can't be sent.
    #[error("the header {name:?} can't be sent with every request: {rule}")]
    #[non_exhaustive]
    Header {
        /// The header's name. Its value is not kept: it may be a secret.
        name: String,
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// The text of a root certificate can't be used.
    #[error(
        "the root certificate is not usable: {rule}; give the text of a PEM file with certificates, from `-----BEGIN \
         CERTIFICATE-----` to the end (the text itself is not shown here)"
    )]
    #[non_exhaustive]
    RootCertificate {
        /// The rule that it breaks.
        rule: &'static str,
    },
    /// There is no cryptography for TLS: with `rustls-no-provider` as the only TLS feature, the program has to install it.
    #[error(
        "TLS has no cryptography: this build has the feature `rustls-no-provider` of courier-core, and no provider was \
         installed when the client was built; call `install_default()` on one first, such as \
         `rustls::crypto::aws_lc_rs::default_provider()`, or turn on the feature `rustls-aws-lc-rs` of courier-core"
    )]
    #[non_exhaustive]
    NoCryptoProvider {},
    /// The TLS library or the HTTP client could not be set up.
    #[error("the HTTP client can't be set up: {what}")]
    #[non_exhaustive]
    Client {
        /// What failed.
        what: &'static str,
        /// Its own error.
        source: Box<dyn StdError + Send + Sync>,
    },
}

/// As `Display`: a `main` that returns it prints it so, and it is for people.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
