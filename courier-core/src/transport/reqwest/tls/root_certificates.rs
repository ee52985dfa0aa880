//! The root certificates that the user adds, as PEM text.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use rustls_platform_verifier::Verifier;

use crate::config::ConfigError;

/// Adds the fix to a problem with the text.
macro_rules! rule {
    ($problem:literal) => {
        concat!(
            $problem,
            "; pass the text of a PEM file with certificates, from `-----BEGIN CERTIFICATE-----` to the end (it is not shown here)"
        )
    };
}

/// Certificates that were parsed as trust anchors.
#[derive(Debug, Default)]
pub(in crate::transport::reqwest) struct RootCertificates(Vec<CertificateDer<'static>>);

impl RootCertificates {
    /// Adds every certificate of a PEM text.
    ///
    /// # Errors
    ///
    /// Returns the rule that the text breaks. It never quotes the text, which may be a private key.
    pub(in crate::transport::reqwest) fn add(&mut self, pem: &[u8]) -> Result<(), &'static str> {
        let mut found = Vec::new();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
            match section.map_err(|_| rule!("a line of it is not PEM, or its end is missing"))? {
                (SectionKind::Certificate, der) => found.push(CertificateDer::from(der)),
                (SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _) => {
                    return Err(rule!("it contains a private key, which must stay on the server"));
                }
                _ => {}
            }
        }
        if found.is_empty() {
            return Err(rule!("it contains no certificate"));
        }
        let mut store = RootCertStore::empty();
        for certificate in &found {
            store.add(certificate.clone()).map_err(|_| rule!("it contains an invalid certificate"))?;
        }
        self.0.extend(found);
        Ok(())
    }

    /// Makes the verifier, which trusts the platform's authorities and these.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] without any authority.
    #[cfg(not(target_os = "android"))]
    pub(super) fn verifier(self, provider: Arc<CryptoProvider>) -> Result<Verifier, ConfigError> {
        Verifier::new_with_extra_roots(self.0, provider).map_err(|source| ConfigError::Client {
            what: "the platform's root certificates can't be read; install them (`ca-certificates` on Linux), or pass your own to \
                   `.root_certificate_pem(…)`",
            source: source.into(),
        })
    }

    /// Makes the verifier. Android's accepts only authorities from the app's network security configuration.
    #[cfg(target_os = "android")]
    pub(super) fn verifier(self, provider: Arc<CryptoProvider>) -> Result<Verifier, ConfigError> {
        if !self.0.is_empty() {
            let rule =
                "Android doesn't allow a program to add one; name it in the app's network security configuration";
            return Err(ConfigError::RootCertificate { rule });
        }
        Verifier::new(provider).map_err(|source| ConfigError::Client {
            what: "the platform's root certificates can't be read",
            source: source.into(),
        })
    }
}
