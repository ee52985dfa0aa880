//! TLS: rustls, with the root certificates of the platform and of the user.
//!
//! reqwest gets a complete configuration, because its own would depend on the features that other crates enable.

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

/// Makes the configuration. `protocols` are offered by ALPN, in order of preference.
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
        // This client never uses TLS, so it must also work on a machine without certificates.
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    Ok(client.tls_backend_preconfigured(config))
}
