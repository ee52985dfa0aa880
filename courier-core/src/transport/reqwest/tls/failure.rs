//! Explains failures of rustls, and what to do about them.

use std::error::Error as StdError;
use std::time::SystemTime;

use http::Extensions;
use humantime::format_rfc3339_seconds;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};

use super::super::failure::find;
use crate::secret::Secrets;
use crate::text::Excerpt;

/// Explains why TLS failed, if it was TLS.
///
/// Returns a text and not the error: the names in a certificate come from the server, and may be anything.
pub(in crate::transport::reqwest) fn explain(error: &(dyn StdError + 'static), secrets: &Secrets) -> Option<String> {
    let error = find::<Error>(error)?;
    let mut known = Extensions::new();
    known.insert(secrets.clone());
    let told = Excerpt::of(error.to_string(), &known);
    Some(match error {
        Error::InvalidCertificate(error) => match error {
            CertificateError::UnknownIssuer => {
                "the server's certificate is from an unknown issuer, an authority that this \
                machine does not trust; if it should be trusted, pass the authority's certificate to \
                `.root_certificate_pem(…)`"
                    .to_owned()
            }
            CertificateError::ExpiredContext { not_after, .. } => {
                format!("the server's certificate expired at {}, or this machine's clock is wrong", text(*not_after))
            }
            CertificateError::NotValidYetContext { not_before, .. } => format!(
                "the server's certificate is not valid before {}, or this machine's clock is wrong",
                text(*not_before)
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                format!("{told}; is this the server that the base URL should name?")
            }
            _ => told.to_string(),
        },
        Error::PeerIncompatible(_)
        | Error::AlertReceived(AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure) => {
            format!(
                "the server and this client, which supports TLS 1.2 and 1.3, have no TLS version or cipher in common: {told}"
            )
        }
        Error::InvalidMessage(_) => {
            format!("what the server sent is not TLS; is this its port for `http://`? ({told})")
        }
        _ => format!("TLS failed: {told}"),
    })
}

fn text(time: UnixTime) -> String {
    let time = SystemTime::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(time.as_secs()));
    time.map_or_else(|| "an unknown time".to_owned(), |time| format_rfc3339_seconds(time).to_string())
}
