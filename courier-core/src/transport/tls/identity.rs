//! The client certificate that the user gives, as PEM text.

use std::fmt;

use rustls::client::WantsClientCert;
use rustls::pki_types::pem::{PemObject as _, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, Error, InconsistentKeys};

use super::pem;
use crate::config::ConfigError;

/// A certificate with its chain, and the private key for it. `Debug` doesn't show the key.
pub(super) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

const ENCRYPTED: &str = "its private key is encrypted; decrypt it first: `openssl pkey -in key.pem`";

fn refused(rule: &'static str) -> ConfigError {
    ConfigError::ClientCertificate { rule }
}

impl Identity {
    /// # Errors
    ///
    /// Returns the rule that the text breaks. It never quotes the text, which has a private key.
    pub(super) fn parse(text: &[u8]) -> Result<Self, ConfigError> {
        if contains(text, b"Proc-Type: 4,ENCRYPTED") {
            return Err(refused(ENCRYPTED));
        }
        if !contains(text, b"-----BEGIN ") {
            return Err(refused(
                "it isn't PEM, which has a line `-----BEGIN CERTIFICATE-----`; pass the text of the files and not their names, and \
                 convert a `.p12` or `.pfx` file: `openssl pkcs12 -in client.p12 -nodes`",
            ));
        }
        let mut chain = Vec::new();
        let mut keys = Vec::new();
        let sections = pem::sections(text).map_err(|()| {
            refused(
                "a line of it is not PEM, or its end is missing; pass the whole text of the files (it is not shown here)",
            )
        })?;
        for (kind, der) in sections {
            match kind {
                SectionKind::Certificate => chain.push(CertificateDer::from(der)),
                kind => keys.extend(PrivateKeyDer::from_pem(kind, der)),
            }
        }
        let key = match (keys.pop(), keys.is_empty()) {
            (Some(key), true) => key,
            (Some(_), false) => {
                return Err(refused("it has several private keys; leave only the one of the certificate"));
            }
            (None, _) if contains(text, b"-----BEGIN ENCRYPTED PRIVATE KEY-----") => return Err(refused(ENCRYPTED)),
            (None, _) => {
                return Err(refused(
                    "it has no private key; append the text of the key's file, from `-----BEGIN PRIVATE KEY-----` to the end",
                ));
            }
        };
        if chain.is_empty() {
            return Err(refused(
                "it has no certificate; put the text of the certificate's file before the key, from \
                 `-----BEGIN CERTIFICATE-----` to the end",
            ));
        }
        Ok(Self { chain, key })
    }

    pub(super) fn add_to(
        self,
        config: ConfigBuilder<ClientConfig, WantsClientCert>,
    ) -> Result<ClientConfig, ConfigError> {
        config.with_client_auth_cert(self.chain, self.key).map_err(|error| {
            refused(match error {
                Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                    "the private key doesn't belong to the first certificate; the certificate must come before its chain"
                }
                Error::InvalidCertificate(_) => "its first certificate is invalid; pass the one that belongs to the private key",
                _ => "its private key is invalid, or of a kind that TLS can't use; RSA, ECDSA (P-256, P-384) and Ed25519 work",
            })
        })
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}
