//! TLS with a server, or with a proxy, over any stream.

use std::fmt;
use std::io;
use std::sync::Arc;

use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio_rustls::TlsConnector;

use super::Protocol;
use crate::transport::connector::Io;
use crate::transport::tls;

/// TLS with one host.
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.name).finish()
    }
}

impl Tls {
    /// With the server, which chooses the protocol. An IPv6 address is without its brackets.
    ///
    /// # Errors
    ///
    /// Returns the rule that the host breaks if no certificate can name it.
    pub(super) fn with_server(config: &tls::Config, host: &str) -> Result<Self, &'static str> {
        Self::new(config.0.clone(), host)
    }

    /// With a proxy, which isn't asked for HTTP/2.
    ///
    /// # Errors
    ///
    /// The same.
    pub(super) fn with_proxy(config: &tls::Config, host: &str) -> Result<Self, &'static str> {
        let mut config = config.0.clone();
        config.alpn_protocols.clear();
        Self::new(config, host)
    }

    fn new(config: ClientConfig, host: &str) -> Result<Self, &'static str> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| {
            "no certificate can name its host: a part of it begins or ends with a hyphen, or has more than 63 characters"
        })?;
        Ok(Self { config: Arc::new(config), name })
    }

    #[cfg(test)]
    pub(super) fn crypto_provider(&self) -> &Arc<rustls::crypto::CryptoProvider> {
        self.config.crypto_provider()
    }

    /// Verifies the host's certificate, and returns the encrypted stream with the protocol that the host has chosen.
    ///
    /// # Errors
    ///
    /// Returns rustls's error within an [`io::Error`], or that of the stream.
    pub(super) async fn connect(&self, io: Io) -> io::Result<(Io, Protocol)> {
        let connector = TlsConnector::from(Arc::clone(&self.config));
        let stream = connector.connect(self.name.clone(), TokioIo::new(io)).await?;
        let protocol = match stream.get_ref().1.alpn_protocol() {
            #[cfg(feature = "http2")]
            Some(b"h2") => Protocol::Http2,
            _ => Protocol::Http1,
        };
        Ok((Box::new(TokioIo::new(stream)), protocol))
    }
}
