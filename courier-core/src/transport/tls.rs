//! TLS: rustls, with a complete configuration.

mod failure;
mod identity;
mod pem;
mod provider;
mod root_certificates;
mod verifier;

use std::fmt;
use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, SupportedProtocolVersion};

pub(super) use self::failure::{explain, refusal};
use self::identity::Identity;
use self::root_certificates::RootCertificates;
use super::base_url::BaseUrl;
use super::proxy::Proxy;
use super::settings::{TlsRoots, TlsVersion};
use crate::config::ConfigError;

/// What the user sets for TLS.
#[derive(Clone, Debug, Default)]
pub(super) struct Tls {
    root_certificates: RootCertificates,
    roots: TlsRoots,
    identity: Option<Identity>,
    min_version: TlsVersion,
}

impl Tls {
    pub(super) fn add_root_certificates(&mut self, pem: &[u8]) -> Result<(), ConfigError> {
        self.root_certificates.add(pem).map_err(|rule| ConfigError::RootCertificate { rule })
    }

    pub(super) fn set_roots(&mut self, roots: TlsRoots) {
        self.roots = roots;
    }

    pub(super) fn set_identity(&mut self, pem: &[u8]) -> Result<(), ConfigError> {
        self.identity = Some(Identity::parse(pem)?);
        Ok(())
    }

    pub(super) fn set_min_version(&mut self, version: TlsVersion) {
        self.min_version = version;
    }

    /// Makes the configuration. `protocols` are offered by ALPN, in order of preference. A client that never uses TLS must also
    /// work on a machine without certificates.
    pub(super) fn config(
        self,
        base_url: &BaseUrl,
        proxy: Option<&Proxy>,
        protocols: &[&[u8]],
    ) -> Result<Config, ConfigError> {
        let is_used = base_url.is_https() || proxy.is_some_and(Proxy::is_https);
        if self.identity.is_some() && !is_used {
            return Err(ConfigError::Setting {
                what: "the client certificate".to_owned(),
                rule: "the base URL is `http://`, and a certificate is presented only within TLS; write `https://`, or remove it",
            });
        }
        let provider = provider::choose()?;
        let versions: &[&SupportedProtocolVersion] = match self.min_version {
            TlsVersion::Tls12 => &[&TLS13, &TLS12],
            TlsVersion::Tls13 => &[&TLS13],
        };
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(versions)
            .map_err(|source| ConfigError::Client {
                what: "rustls has no protocol version in common with its cryptography",
                source: source.into(),
            })?;
        let config: ConfigBuilder<ClientConfig, WantsClientCert> = if is_used {
            let verifier = self.root_certificates.verifier(self.roots, provider)?;
            config.dangerous().with_custom_certificate_verifier(verifier)
        } else {
            config.with_root_certificates(RootCertStore::empty())
        };
        let mut config = match self.identity {
            Some(identity) => identity.add_to(config)?,
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
        Ok(Config(config))
    }
}

/// A complete configuration. Clones share the sessions that can be resumed. `Debug` doesn't list every cipher.
#[derive(Clone)]
pub(super) struct Config(pub(super) ClientConfig);

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientConfig").finish_non_exhaustive()
    }
}
