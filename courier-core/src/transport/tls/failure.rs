//! Explains failures of rustls, and what to do about them.

use std::error::Error as StdError;
use std::time::SystemTime;

use http::Extensions;
use humantime::format_rfc3339_seconds;
use rustls::pki_types::UnixTime;
use rustls::{AlertDescription, CertificateError, Error};

use crate::secret::Secrets;
use crate::text::Excerpt;
use crate::transport::causes::{chain, find};

/// Explains why TLS can't be set up, if that would be the same the next time. Nothing of a request was read then.
///
/// With TLS 1.3, a client's handshake is complete before its certificate is checked, so the server's refusal comes when the
/// response is awaited. It isn't a connection that was lost: an alert about a certificate aborts the server's
/// handshake ([RFC 8446, 4.4.2.4](https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2.4)), and before the end of that handshake
/// the server reads no request. It can't come later, because rustls supports neither renegotiation nor post-handshake
/// authentication.
pub(in crate::transport) fn refusal(
    error: &(dyn StdError + 'static),
    is_connecting: bool,
    secrets: &Secrets,
) -> Option<String> {
    let cause = match find::<Error>(error) {
        Some(cause) => cause,
        None => &Error::AlertReceived(alert_in_text(error)?),
    };
    let is_final = match cause {
        Error::AlertReceived(alert) if is_about_certificate(*alert) => true,
        Error::InvalidCertificate(_)
        | Error::PeerIncompatible(_)
        | Error::InvalidMessage(_)
        | Error::NoApplicationProtocol
        | Error::AlertReceived(
            AlertDescription::HandshakeFailure
            | AlertDescription::ProtocolVersion
            | AlertDescription::InsufficientSecurity
            | AlertDescription::NoApplicationProtocol
            | AlertDescription::UnrecognisedName,
        ) => is_connecting,
        _ => false,
    };
    is_final.then(|| in_words(cause, secrets).unwrap_or_else(|unknown| unknown))
}

/// The server's verdicts on the client's certificate. (`decrypt_error` may be one, but also has other reasons; so has
/// `internal_error`, which may be over the next time.)
const ABOUT_CERTIFICATE: [AlertDescription; 9] = [
    AlertDescription::CertificateRequired,
    AlertDescription::NoCertificate,
    AlertDescription::BadCertificate,
    AlertDescription::UnsupportedCertificate,
    AlertDescription::CertificateRevoked,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
    AlertDescription::UnknownCA,
    AlertDescription::AccessDenied,
];

fn is_about_certificate(alert: AlertDescription) -> bool {
    ABOUT_CERTIFICATE.contains(&alert)
}

/// The verdict that ended an HTTP/2 connection. h2 keeps only the text of rustls's error.
fn alert_in_text(error: &(dyn StdError + 'static)) -> Option<AlertDescription> {
    let text = chain(error).last()?.to_string();
    ABOUT_CERTIFICATE.into_iter().find(|&alert| text.ends_with(&Error::AlertReceived(alert).to_string()))
}

/// Explains why TLS failed, if it was TLS.
pub(in crate::transport) fn explain(error: &(dyn StdError + 'static), secrets: &Secrets) -> Option<String> {
    let words = in_words(find(error)?, secrets);
    Some(words.unwrap_or_else(|unknown| format!("TLS failed: {unknown}")))
}

/// A sentence for an error, or else the error's own text.
///
/// Returns a text and not the error: the names in a certificate come from the server, and may be anything.
fn in_words(error: &Error, secrets: &Secrets) -> Result<String, String> {
    let mut known = Extensions::new();
    known.insert(secrets.clone());
    let told = Excerpt::of(error.to_string(), &known);
    Ok(match error {
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
            // webpki has no kind for it, and any text of a certificate follows elsewhere.
            CertificateError::Other(other) if other.to_string() == "CaUsedAsEndEntity" => {
                "the server's certificate declares itself an authority; issue a separate one for the server, or make a \
                 self-signed one with `openssl req -x509 -addext basicConstraints=critical,CA:FALSE`"
                    .to_owned()
            }
            _ => told.to_string(),
        },
        Error::AlertReceived(AlertDescription::CertificateRequired | AlertDescription::NoCertificate) => {
            "the server demands a client certificate; pass one to `.identity_pem(…)`".to_owned()
        }
        Error::AlertReceived(AlertDescription::CertificateExpired) => {
            "the server says that the client certificate has expired".to_owned()
        }
        Error::AlertReceived(AlertDescription::CertificateRevoked) => {
            "the server says that the client certificate was revoked".to_owned()
        }
        Error::AlertReceived(AlertDescription::UnknownCA) => {
            "the server doesn't trust the authority that issued the client certificate".to_owned()
        }
        Error::AlertReceived(alert) if is_about_certificate(*alert) => {
            format!("the server doesn't accept the client certificate ({told})")
        }
        Error::AlertReceived(AlertDescription::HandshakeFailure) => {
            format!(
                "the server demands a client certificate (`.identity_pem(…)`), or has no TLS version or cipher in common with this \
                 client: {told}"
            )
        }
        Error::PeerIncompatible(_) | Error::AlertReceived(AlertDescription::ProtocolVersion) => {
            format!(
                "the server and this client have no TLS version or cipher in common; this client supports TLS 1.3, and TLS 1.2 unless \
                 `.min_tls_version(…)` excludes it: {told}"
            )
        }
        Error::InvalidMessage(_) => {
            format!("what the server sent is not TLS; is this its port for `http://`? ({told})")
        }
        _ => return Err(told.to_string()),
    })
}

fn text(time: UnixTime) -> String {
    let time = SystemTime::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(time.as_secs()));
    time.map_or_else(|| "an unknown time".to_owned(), |time| format_rfc3339_seconds(time).to_string())
}
