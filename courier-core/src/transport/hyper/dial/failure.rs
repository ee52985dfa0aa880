//! Why no connection was opened.

use std::error::Error as StdError;
use std::fmt;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Why no connection was opened. Nothing of a request was sent.
#[derive(Debug)]
pub(in crate::transport::hyper) struct DialError {
    stage: Stage,
    is_of_proxy: bool,
    source: BoxError,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The lookup of the name, or the socket.
    Socket,
}

impl DialError {
    pub(super) fn of_server(stage: Stage, source: impl Into<BoxError>) -> Self {
        Self { stage, is_of_proxy: false, source: source.into() }
    }
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no connection")
    }
}

impl StdError for DialError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
