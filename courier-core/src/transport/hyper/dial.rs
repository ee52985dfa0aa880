//! Opens connections.

use std::error::Error as StdError;
use std::fmt;

use hyper::rt::{Read, Write};

/// What a connection reads and writes.
pub(super) type Io = Box<dyn Stream>;

pub(super) trait Stream: Read + Write + Send + Unpin {}

impl<S: Read + Write + Send + Unpin> Stream for S {}

/// A connection that was opened.
pub(super) struct Dialed {
    pub(super) io: Io,
    pub(super) probe: Option<Probe>,
    pub(super) protocol: Protocol,
}

/// The version of HTTP that both sides agreed on, or that was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    #[cfg(feature = "http2")]
    Http2,
}

pub(super) struct Probe(Box<dyn Fn() -> bool + Send + Sync>);

impl Probe {
    pub(super) fn is_quiet(&self) -> bool {
        (self.0)()
    }
}

#[derive(Debug)]
pub(super) struct DialError(pub(super) std::io::Error);

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no connection")
    }
}

impl StdError for DialError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}
