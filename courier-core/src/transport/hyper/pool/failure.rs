//! Why a request got no response.

use hyper::Error;

use super::super::dial::DialError;

/// Why a request got no response.
#[derive(Debug)]
pub(in super::super) enum Failure {
    /// No connection was opened.
    Dial(DialError),
    /// A connection was opened, but HTTP couldn't begin on it.
    Handshake(Error),
    /// No connection was opened in time.
    ConnectTimeout,
    /// All connections that there may be were in use for too long.
    NoneFree,
    /// The connection was lost, or the response was invalid.
    Lost {
        error: Error,
        /// Whether it is certain that no part of the request was written.
        is_unsent: bool,
        /// Whether several calls shared the connection, and it had worked for others.
        is_of_shared_connection: bool,
    },
}

/// Whether it is certain that no part of the request was written, although hyper hasn't given it back: "canceled" means that the
/// connection didn't take it, and "closed" that the connection ended before that. An error while writing or reading doesn't show it.
pub(super) fn is_unsent(error: &Error) -> bool {
    error.is_canceled() || error.is_closed()
}
