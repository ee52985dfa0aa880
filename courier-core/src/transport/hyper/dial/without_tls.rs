//! A build without TLS: no URL that needs it is accepted, so this is never made.

use std::io;

use super::Protocol;
use crate::transport::connector::Io;
use crate::transport::tls;

#[derive(Debug)]
pub(super) enum Tls {}

impl Tls {
    pub(super) fn with_server(_: &tls::Config, _: &str) -> Result<Self, &'static str> {
        Err("this build has no TLS")
    }

    pub(super) fn with_proxy(_: &tls::Config, _: &str) -> Result<Self, &'static str> {
        Err("this build has no TLS")
    }

    #[expect(clippy::unused_async, reason = "as with TLS")]
    pub(super) async fn connect(&self, _: Io) -> io::Result<(Io, Protocol)> {
        match *self {}
    }
}
