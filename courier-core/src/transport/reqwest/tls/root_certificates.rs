//! The root certificates that a user adds, as PEM text.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use rustls_platform_verifier::Verifier;

use crate::config::ConfigError;

/// Each was read as a certificate that others can be verified by.
#[derive(Debug, Default)]
pub(in crate::transport::reqwest) struct RootCertificates(Vec<CertificateDer<'static>>);

impl RootCertificates {
    /// Adds every certificate of a PEM file's text.
    ///
    /// # Errors
    ///
    /// The rule that the text breaks, with nothing of it: it may be a private key.
    pub(in crate::transport::reqwest) fn add(&mut self, pem: &[u8]) -> Result<(), &'static str> {
        let mut found = Vec::new();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
            match section.map_err(|_| "a line of it is not PEM, or its end is missing")? {
                (SectionKind::Certificate, der) => found.push(CertificateDer::from(der)),
                (SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey, _) => {
                    return Err("there is a private key in it, which belongs to the server alone");
                }
                _ => {}
            }
        }
        if found.is_empty() {
            return Err("there is no certificate in it");
        }
        let mut store = RootCertStore::empty();
        for certificate in &found {
            store.add(certificate.clone()).map_err(|_| "what it names a certificate is none")?;
        }
        self.0.extend(found);
        Ok(())
    }

    /// What verifies a server's certificate: by the platform's authorities and these.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], where there is no authority at all.
    #[cfg(not(target_os = "android"))]
    pub(super) fn verifier(self, provider: Arc<CryptoProvider>) -> Result<Verifier, ConfigError> {
        Verifier::new_with_extra_roots(self.0, provider).map_err(|source| ConfigError::Client {
            what: "the platform's root certificates can't be read; install them (`ca-certificates` on Linux), or give your own \
                   with `.root_certificate_pem(…)`",
            source: source.into(),
        })
    }

    /// The same. Android's verifier takes no others than those that the app's network security configuration names.
    #[cfg(target_os = "android")]
    pub(super) fn verifier(self, provider: Arc<CryptoProvider>) -> Result<Verifier, ConfigError> {
        if !self.0.is_empty() {
            let rule = "Android takes none from a program; name it in the app's network security configuration";
            return Err(ConfigError::RootCertificate { rule });
        }
        Verifier::new(provider).map_err(|source| ConfigError::Client {
            what: "the platform's root certificates can't be read",
            source: source.into(),
        })
    }
}
