//! TLS: rustls, with the platform's root certificates and the user's own.
//!
//! The configuration is handed to reqwest complete: reqwest's own would depend on what other crates of the program switch on.

mod failure;
mod provider;
mod root_certificates;

use std::sync::Arc;

use reqwest::ClientBuilder;
use rustls::{ClientConfig, RootCertStore};

pub(super) use self::failure::explain;
pub(super) use self::root_certificates::RootCertificates;
use crate::config::ConfigError;
use crate::transport::base_url::BaseUrl;

/// `protocols` are offered to the server by ALPN, the first the most wanted.
pub(super) fn set_up(
    client: ClientBuilder,
    base_url: &BaseUrl,
    root_certificates: RootCertificates,
    protocols: &[&[u8]],
) -> Result<ClientBuilder, ConfigError> {
    let provider = provider::choose()?;
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|source| ConfigError::Client {
            what: "rustls has no protocol version in common with its cryptography",
            source: source.into(),
        })?;
    let mut config = if base_url.is_https() {
        let verifier = root_certificates.verifier(provider)?;
        config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
    } else {
        // No connection of this client uses TLS, and a machine without certificates can use it all the same.
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(client.tls_backend_preconfigured(config))
}
