//! Why no connection was opened, and what a call's error says about it.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use crate::secret::Secrets;
use crate::transport::failure::{self, OfProxy, StackError, Stage};
use crate::transport::{TransportError, TransportErrorKind};

type BoxError = Box<dyn StdError + Send + Sync>;

/// Why no connection was opened. Nothing of a request was sent.
#[derive(Debug)]
pub(in crate::transport::hyper) enum DialError {
    /// The way to the server failed: the lookup of its name, a socket, or TLS.
    Server(BoxError),
    /// The way to the proxy failed.
    Proxy(BoxError),
    /// The proxy was reached, and opened no connection to the server.
    Refused(Refusal),
    /// An own connector failed.
    Connector(BoxError),
}

/// Why a proxy opens no connection.
#[derive(Debug)]
pub(in crate::transport::hyper) struct Refusal {
    reason: Cow<'static, str>,
    source: Option<BoxError>,
    /// Whether it doesn't accept the user and password, or demands them.
    is_about_credentials: bool,
}

impl DialError {
    pub(super) fn server(source: impl Into<BoxError>) -> Self {
        Self::Server(source.into())
    }

    pub(super) fn proxy(source: impl Into<BoxError>) -> Self {
        Self::Proxy(source.into())
    }

    /// Says what a call's error says. Neither the reason nor the source may quote what the server or the proxy sent.
    pub(in crate::transport::hyper) fn into_error(self, secrets: &Secrets) -> TransportError {
        match self {
            Self::Server(source) => because_of(OfServer(source), secrets),
            Self::Proxy(source) => because_of(OfProxy(source), secrets),
            Self::Refused(Refusal { reason, source, is_about_credentials }) => {
                let error = no_connection().with_reason(reason);
                let error = if is_about_credentials { error.of_refused_credentials() } else { error };
                match source {
                    Some(source) => error.with_source(source),
                    None => error,
                }
            }
            // Which connector is in the server's name.
            Self::Connector(source) => no_connection().with_source(source),
        }
    }
}

impl Refusal {
    pub(super) fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: reason.into(), source: None, is_about_credentials: false }
    }

    pub(super) fn because_of(self, source: impl Into<BoxError>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    pub(super) fn of_credentials(self) -> Self {
        Self { is_about_credentials: true, ..self }
    }
}

impl From<Refusal> for DialError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn no_connection() -> TransportError {
    TransportError::not_sent(TransportErrorKind::Connect)
}

fn because_of(error: impl StackError, secrets: &Secrets) -> TransportError {
    if let Some(of_tls) = failure::of_tls(&error, true, secrets) {
        return of_tls;
    }
    #[cfg(feature = "socks")]
    let failure = if failure::are_credentials_refused(&error) {
        no_connection().of_refused_credentials()
    } else {
        no_connection()
    };
    #[cfg(not(feature = "socks"))]
    let failure = no_connection();
    failure::because_of(failure, error, Stage::Connecting, secrets)
}

/// An error of the way to the server.
#[derive(Debug)]
struct OfServer(BoxError);

impl fmt::Display for OfServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server can't be reached")
    }
}

impl StdError for OfServer {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn text(error: DialError) -> String {
        let error = error.into_error(&Secrets::default());
        assert!(error.is_connect() && !error.may_have_arrived());
        format!("{error:#}")
    }

    #[test]
    fn an_error_names_the_end_that_cannot_be_reached_and_the_cause_below_all_wrappers() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let nested = || io::Error::other(io::Error::other(refused()));
        assert_eq!(
            text(DialError::server(nested())),
            "no connection to the server; nothing was sent: connection refused"
        );
        assert_eq!(
            text(DialError::proxy(nested())),
            "no connection to the server: the proxy can't be reached; nothing was sent: connection refused"
        );
        assert_eq!(
            text(Refusal::new("the connection to the proxy was lost").because_of(refused()).into()),
            "no connection to the server: the connection to the proxy was lost; nothing was sent: connection refused"
        );
    }

    /// It is the application's, which knows what its layers mean.
    #[test]
    fn the_whole_error_of_an_own_connector_is_shown() {
        #[derive(Debug, thiserror::Error)]
        #[error("the jump host is down")]
        struct Down(#[source] io::Error);

        let down = Down(io::ErrorKind::ConnectionRefused.into());
        assert_eq!(
            text(DialError::Connector(down.into())),
            "no connection to the server; nothing was sent: the jump host is down: connection refused"
        );
    }

    #[cfg(feature = "__rustls")]
    #[test]
    fn an_error_of_tls_is_not_retried_and_says_whether_it_is_the_proxys() {
        let expired = || rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        let of_tls = |error: DialError| {
            let error = error.into_error(&Secrets::default());
            assert_eq!(error.kind(), TransportErrorKind::Tls);
            error.to_string()
        };
        let server = of_tls(DialError::server(io::Error::other(expired())));
        assert!(
            server.starts_with("TLS with the server failed: the server's certificate is from an unknown issuer"),
            "{server}"
        );
        let proxy = of_tls(DialError::proxy(io::Error::other(expired())));
        let expected = "TLS with the server failed: the proxy can't be reached: the server's certificate is from an unknown issuer";
        assert!(proxy.starts_with(expected), "{proxy}");
    }
}
