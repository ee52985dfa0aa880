//! A build without TLS, which supports only `http://`.

use std::error::Error as StdError;

use reqwest::ClientBuilder;

use crate::config::ConfigError;
use crate::secret::Secrets;
use crate::transport::base_url::BaseUrl;

/// Without TLS, no certificate can be added.
#[derive(Debug, Default)]
pub(super) struct RootCertificates {}

impl RootCertificates {
    #[expect(clippy::unused_self, reason = "used with TLS")]
    pub(super) fn add(&mut self, _pem: &[u8]) -> Result<(), &'static str> {
        Err("this build has no TLS; enable the feature `rustls-aws-lc-rs` of courier-core")
    }
}

pub(super) fn set_up(
    client: ClientBuilder,
    base_url: &BaseUrl,
    _root_certificates: RootCertificates,
    _protocols: &[&[u8]],
) -> Result<ClientBuilder, ConfigError> {
    if base_url.is_https() {
        let rule =
            "`https` needs TLS, which this build doesn't have; enable the feature `rustls-aws-lc-rs` of courier-core";
        return Err(ConfigError::BaseUrl { url: base_url.as_str().to_owned(), rule });
    }
    Ok(client)
}

pub(super) fn explain(_error: &(dyn StdError + 'static), _secrets: &Secrets) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use crate::transport::ReqwestTransport;

    #[test]
    fn a_root_certificate_is_refused_with_the_feature_to_enable_as_the_only_fix() {
        let builder =
            ReqwestTransport::builder("http://127.0.0.1:1").root_certificate_pem("-----BEGIN CERTIFICATE-----");
        assert_eq!(
            builder.build().expect_err("no TLS").to_string(),
            "the root certificate is not usable: this build has no TLS; enable the feature `rustls-aws-lc-rs` of courier-core"
        );
    }
}
