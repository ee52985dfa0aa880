//! TLS: rustls with the cryptography that a feature chose, and the platform's root certificates.
//!
//! The configuration is handed to reqwest complete: its own would take the cryptography from a process-wide default,
//! which is the application's to set and not a library's.

use reqwest::ClientBuilder;

use crate::config::ConfigError;
use crate::transport::base_url::BaseUrl;

#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
pub(super) fn set_up(client: ClientBuilder, base_url: &BaseUrl) -> Result<ClientBuilder, ConfigError> {
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore};

    #[cfg(feature = "rustls-aws-lc-rs")]
    use rustls::crypto::aws_lc_rs as cryptography;
    #[cfg(not(feature = "rustls-aws-lc-rs"))]
    use rustls::crypto::ring as cryptography;

    let fail = |what| move |source: rustls::Error| ConfigError::Client { what, source: source.into() };
    let provider = Arc::new(cryptography::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(fail("rustls has no protocol version in common with its cryptography"))?;
    let mut config = if base_url.is_https() {
        let verifier = rustls_platform_verifier::Verifier::new(provider)
            .map_err(fail("the platform's root certificates can't be read"))?;
        config.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth()
    } else {
        // No connection of this client uses TLS, and a machine without certificates can use it all the same.
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    if cfg!(feature = "http2") {
        config.alpn_protocols.push(b"h2".to_vec());
    }
    config.alpn_protocols.push(b"http/1.1".to_vec());
    Ok(client.tls_backend_preconfigured(config))
}

#[cfg(not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs")))]
pub(super) fn set_up(client: ClientBuilder, base_url: &BaseUrl) -> Result<ClientBuilder, ConfigError> {
    if base_url.is_https() {
        let rule = "`https` needs TLS, and this build has none; turn on the feature `rustls-ring` of courier-core";
        return Err(ConfigError::BaseUrl { url: base_url.as_str().to_owned(), rule });
    }
    Ok(client)
}
