//! The root certificates that the user adds, as PEM text.

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::SectionKind;

use super::pem;

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
#[derive(Clone, Debug, Default)]
pub(super) struct RootCertificates(Vec<CertificateDer<'static>>);

impl RootCertificates {
    /// Adds every certificate of a PEM text.
    ///
    /// # Errors
    ///
    /// Returns the rule that the text breaks. It never quotes the text, which may be a private key.
    pub(super) fn add(&mut self, text: &[u8]) -> Result<(), &'static str> {
        let mut found = Vec::new();
        for section in pem::sections(text).map_err(|()| rule!("a line of it is not PEM, or its end is missing"))? {
            match section {
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

    pub(super) fn into_certificates(self) -> Vec<CertificateDer<'static>> {
        self.0
    }
}
