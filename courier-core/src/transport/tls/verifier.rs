//! Verifies the server's certificate, with the roots that the user chose.

use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use super::super::settings::TlsRoots;
use super::root_certificates::RootCertificates;
use crate::config::ConfigError;

impl RootCertificates {
    /// Makes the verifier, which trusts these certificates and those of `roots`.
    ///
    /// # Errors
    ///
    /// Returns [`ConfigError`] without any root.
    pub(super) fn verifier(
        self,
        roots: TlsRoots,
        provider: Arc<CryptoProvider>,
    ) -> Result<Arc<dyn ServerCertVerifier>, ConfigError> {
        let mut store = RootCertStore::empty();
        match roots {
            TlsRoots::Platform => return Ok(Arc::new(platform(self.into_certificates(), provider)?)),
            #[cfg(feature = "webpki-roots")]
            TlsRoots::Webpki => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            TlsRoots::Added => {}
        }
        for certificate in self.into_certificates() {
            store.add(certificate).expect("it was checked when it was added");
        }
        if store.is_empty() {
            let rule = "none was given, and `TlsRoots::Added` trusts no other; pass one to `.root_certificate_pem(…)`";
            return Err(ConfigError::RootCertificate { rule });
        }
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build();
        Ok(verifier.map_err(|source| ConfigError::Client {
            what: "rustls can't verify certificates with these roots",
            source: source.into(),
        })?)
    }
}

#[cfg(not(target_os = "android"))]
fn platform(added: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, ConfigError> {
    Verifier::new_with_extra_roots(added, provider).map_err(|source| ConfigError::Client {
        what: "the platform's root certificates can't be read; install them (`ca-certificates` on Linux), or pass your own to \
               `.root_certificate_pem(…)`",
        source: source.into(),
    })
}

/// Android's verifier accepts only authorities from the app's network security configuration.
#[cfg(target_os = "android")]
fn platform(added: Vec<CertificateDer<'static>>, provider: Arc<CryptoProvider>) -> Result<Verifier, ConfigError> {
    if !added.is_empty() {
        let rule = "Android doesn't allow a program to add one; name it in the app's network security configuration";
        return Err(ConfigError::RootCertificate { rule });
    }
    Verifier::new(provider).map_err(|source| ConfigError::Client {
        what: "the platform's root certificates can't be read",
        source: source.into(),
    })
}
