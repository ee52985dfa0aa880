//! A build without TLS, which supports only `http://`.

use std::error::Error as StdError;

use super::base_url::BaseUrl;
use super::proxy::Proxy;
use super::settings::{TlsRoots, TlsVersion};
use crate::config::ConfigError;
use crate::secret::Secrets;

const RULE: &str = "this build has no TLS; enable the feature `rustls-aws-lc-rs` of courier-core";

/// Without TLS, no certificate can be added.
#[derive(Clone, Debug, Default)]
pub(super) struct Tls {}

#[expect(clippy::unused_self, reason = "used with TLS")]
impl Tls {
    pub(super) fn add_root_certificates(&mut self, _pem: &[u8]) -> Result<(), ConfigError> {
        Err(ConfigError::RootCertificate { rule: RULE })
    }

    pub(super) fn set_roots(&mut self, _roots: TlsRoots) {}

    pub(super) fn set_identity(&mut self, _pem: &[u8]) -> Result<(), ConfigError> {
        Err(ConfigError::ClientCertificate { rule: RULE })
    }

    pub(super) fn set_min_version(&mut self, _version: TlsVersion) {}

    pub(super) fn config(
        self,
        base_url: &BaseUrl,
        _proxy: Option<&Proxy>,
        _protocols: &[&[u8]],
    ) -> Result<Config, ConfigError> {
        if base_url.is_https() {
            let rule = "`https` needs TLS, which this build doesn't have; enable the feature `rustls-aws-lc-rs` of courier-core";
            return Err(ConfigError::BaseUrl { url: base_url.as_str().to_owned(), rule });
        }
        Ok(Config {})
    }
}

#[derive(Clone, Debug)]
pub(super) struct Config {}

pub(super) fn refusal(_error: &(dyn StdError + 'static), _is_connecting: bool, _secrets: &Secrets) -> Option<String> {
    None
}

pub(super) fn explain(_error: &(dyn StdError + 'static), _secrets: &Secrets) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use crate::transport::ReqwestTransport;

    #[test]
    fn a_certificate_is_refused_with_the_feature_to_enable_as_the_only_fix() {
        let builder = || ReqwestTransport::builder("http://127.0.0.1:1");
        for (builder, what) in [
            (builder().root_certificate_pem("-----BEGIN CERTIFICATE-----"), "root"),
            (builder().identity_pem("-----BEGIN CERTIFICATE-----"), "client"),
        ] {
            assert_eq!(
                builder.build().expect_err("no TLS").to_string(),
                format!(
                    "the {what} certificate is not usable: this build has no TLS; enable the feature `rustls-aws-lc-rs` of courier-core"
                )
            );
        }
    }
}
