//! Opens a connection, and begins HTTP/2 on it if that was chosen.

use std::sync::Arc;

use super::super::dial::{Probe, Protocol};
use super::Server;
use super::failure::Failure;
#[cfg(feature = "http2")]
use super::http2::Http2;
use crate::transport::connector::Io;

/// A connection that was opened.
pub(super) enum Opened {
    Http1(Io, Option<Probe>),
    #[cfg(feature = "http2")]
    Http2(Http2),
}

/// Opens a connection.
pub(super) async fn open(server: Arc<Server>) -> Result<Opened, Failure> {
    let dialed = server.dialer.dial().await.map_err(Failure::Dial)?;
    match dialed.protocol {
        Protocol::Http1 => Ok(Opened::Http1(dialed.io, dialed.probe)),
        #[cfg(feature = "http2")]
        Protocol::Http2 => {
            let connection = Http2::begin(dialed.io, dialed.probe, &server.request_limit).await;
            Ok(Opened::Http2(connection.map_err(Failure::Handshake)?))
        }
    }
}
