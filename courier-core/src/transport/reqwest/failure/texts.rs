//! What the libraries below say of a failure that is not the system's, TLS's or HTTP/2's, in sentences that say what happened.
//!
//! Their errors have no kinds for it that can be asked for, so that it goes by their texts. One that is not here is shown as it is.

use std::error::Error as StdError;
use std::io;

/// How far the request had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Connecting,
    /// There was a connection, and nothing of the request was written to it.
    Unsent,
    Sent,
    /// The head of a response has come.
    Response,
}

pub(super) const HEAD_TOO_LARGE: &str = "its headers are larger than 408 KiB, or over HTTP/1 more than 1,024";

const WAITED: &str = "the connection that another call was opening, and this one waited for, could not be opened; the error of \
                      that call says why";

const CLOSED: &str = "the server closed the connection before its response was complete";

const UNSENT: &str = "the connection was closed before the request was written to it";

/// The text of the innermost error, and what is said instead.
const SENTENCES: [(&str, &str); 14] = [
    // hyper-util's pool: the call that opened the connection has the error.
    ("request was canceled", WAITED),
    ("checked out connection was closed", WAITED),
    ("ALPN upgraded to HTTP/2", "the connection of HTTP/2 that this call should have shared was closed again"),
    // hyper.
    ("connection closed", UNSENT),
    ("channel closed", UNSENT),
    ("operation was canceled", UNSENT),
    (
        "received unexpected message from connection",
        "the server sent something unasked, and the connection was given up",
    ),
    (
        "runtime dropped the dispatch task",
        "the connection ended before a response came: the server shut it down (GOAWAY), or the tokio runtime that it ran on was \
         shut down",
    ),
    ("connection closed before message completed", CLOSED),
    ("end of file before message length reached", "the connection ended before the body was complete"),
    ("unexpected EOF during chunk size line", "the connection ended before the body was complete"),
    ("message head is too large", HEAD_TOO_LARGE),
    // reqwest.
    ("Parsed Url is not a valid Uri", "the base URL and the request's path and query together are too long for a URI"),
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
    // hyper's pings. Its innermost text is "operation timed out".
    if texts.iter().any(|text| text == "keep-alive timed out") {
        return Some("the connection is dead: the server did not answer a ping of HTTP/2".to_owned());
    }
    let innermost = texts.last()?;
    if let Some((_, sentence)) = SENTENCES.iter().find(|(text, _)| text == innermost) {
        return Some((*sentence).to_owned());
    }
    // rustls, with the address of a page of its manual.
    if innermost.starts_with("peer closed connection without sending TLS close_notify") {
        return Some(match stage {
            Stage::Response => {
                "the connection ended without the end of TLS (close_notify): the response may be cut short".to_owned()
            }
            Stage::Connecting | Stage::Unsent | Stage::Sent => CLOSED.to_owned(),
        });
    }
    match stage {
        Stage::Unsent => Some(format!("{UNSENT} ({innermost})")),
        Stage::Connecting | Stage::Sent | Stage::Response => None,
    }
}

/// What an error of I/O means that says how a connection ended.
pub(super) fn explain_io(kind: io::ErrorKind, stage: Stage) -> Option<&'static str> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};

    match (kind, stage) {
        (BrokenPipe, Stage::Sent) => Some(
            "the server, or a proxy before it, closed the connection while the request was being sent; it may have failed, or the \
             request may be too large for it",
        ),
        (ConnectionReset | ConnectionAborted, Stage::Sent) => Some(
            "the connection was reset: the server, or a proxy before it, gave it up without a response; it may have failed, or the \
             request may be too large for it",
        ),
        (BrokenPipe | ConnectionReset | ConnectionAborted, Stage::Response) => {
            Some("the connection was reset before the response was complete")
        }
        _ => None,
    }
}
