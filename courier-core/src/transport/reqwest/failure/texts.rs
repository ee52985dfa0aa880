//! Explains failures that don't come from the operating system, TLS or HTTP/2.
//!
//! The libraries' errors have no kinds for these failures, so this matches on their texts. Unknown texts are shown as
//! is.

use std::error::Error as StdError;
use std::io;

/// How far the request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Connecting,
    /// A connection was opened, but nothing of the request was written.
    Unsent,
    Sent,
    /// The head of a response arrived.
    Response,
}

pub(super) const HEAD_TOO_LARGE: &str = "its headers are larger than 408 KiB, or over HTTP/1 more than 1,024";

const WAITED: &str = "this call waited for a connection that another call was opening, but it could not be opened; the error of \
                      that call says why";

const CLOSED: &str = "the server closed the connection before its response was complete";

const UNSENT: &str = "the connection was closed before the request was written to it";

/// The text of the innermost error, and its replacement.
const SENTENCES: [(&str, &str); 14] = [
    // hyper-util's pool. The call that was opening the connection has the error.
    ("request was canceled", WAITED),
    ("checked out connection was closed", WAITED),
    ("ALPN upgraded to HTTP/2", "the HTTP/2 connection that this call should have shared was closed again"),
    // hyper.
    ("connection closed", UNSENT),
    ("channel closed", UNSENT),
    ("operation was canceled", UNSENT),
    (
        "received unexpected message from connection",
        "the server sent something unexpected, so the connection was closed",
    ),
    (
        "runtime dropped the dispatch task",
        "the connection ended before the response: the server shut it down (GOAWAY), or the tokio runtime that it ran on was \
         shut down",
    ),
    ("connection closed before message completed", CLOSED),
    ("end of file before message length reached", "the connection ended before the body was complete"),
    ("unexpected EOF during chunk size line", "the connection ended before the body was complete"),
    ("message head is too large", HEAD_TOO_LARGE),
    // reqwest.
    ("Parsed Url is not a valid Uri", "the base URL and the request's path and query are too long for a URI together"),
    // tokio-rustls.
    ("tls handshake eof", "the server closed the connection during the TLS handshake"),
];

pub(super) fn explain(error: &(dyn StdError + 'static), stage: Stage) -> Option<String> {
    let mut texts = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        texts.push(error.to_string());
        next = error.source();
    }
    // hyper's keep-alive pings. The innermost text is "operation timed out".
    if texts.iter().any(|text| text == "keep-alive timed out") {
        return Some("the connection is dead: the server did not respond to an HTTP/2 ping".to_owned());
    }
    let innermost = texts.last()?;
    if let Some((_, sentence)) = SENTENCES.iter().find(|(text, _)| text == innermost) {
        return Some((*sentence).to_owned());
    }
    // rustls; its text includes a link to its manual.
    if innermost.starts_with("peer closed connection without sending TLS close_notify") {
        return Some(match stage {
            Stage::Response => {
                "the connection ended without TLS's close_notify: the response may be truncated".to_owned()
            }
            Stage::Connecting | Stage::Unsent | Stage::Sent => CLOSED.to_owned(),
        });
    }
    match stage {
        Stage::Unsent => Some(format!("{UNSENT} ({innermost})")),
        Stage::Connecting | Stage::Sent | Stage::Response => None,
    }
}

/// Explains an I/O error that says how a connection ended.
pub(super) fn explain_io(kind: io::ErrorKind, stage: Stage) -> Option<&'static str> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};

    match (kind, stage) {
        (BrokenPipe, Stage::Sent) => Some(
            "the server, or a proxy before it, closed the connection while the request was being sent; it may have failed, or the \
             request may be too large for it",
        ),
        (ConnectionReset | ConnectionAborted, Stage::Sent) => Some(
            "the connection was reset: the server, or a proxy before it, closed it without a response; it may have failed, or the \
             request may be too large for it",
        ),
        (BrokenPipe | ConnectionReset | ConnectionAborted, Stage::Response) => {
            Some("the connection was reset before the response was complete")
        }
        _ => None,
    }
}
