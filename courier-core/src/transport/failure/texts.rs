//! Explains failures that don't come from the operating system, TLS or HTTP/2.
//!
//! The libraries' errors have no kinds for these failures, so this matches on their texts. Unknown texts are shown as
//! is.

use std::error::Error as StdError;
use std::io;

/// How far the request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::transport) enum Stage {
    Connecting,
    /// A connection was opened, but nothing of the request was written.
    Unsent,
    Sent,
    /// The head of a response arrived.
    Response,
}

pub(super) const HEAD_TOO_LARGE: &str = "its headers are larger than 408 KiB, or over HTTP/1 more than 1,024 (with a client passed to \
                                         `.client(…)`, its own limits apply, by default 100 over HTTP/1 and 16 KiB over HTTP/2)";

/// hyper's text for that, and for an impossible length of the body.
const TOO_LARGE: &str = "message head is too large";

pub(in crate::transport) const TOO_LONG_FOR_A_URI: &str = "the base URL and the request's path and query are too long for a URI together; shorten them, or send values in a body";

const WAITED: &str = "this call waited for a connection that another call was opening, but it could not be opened; the error of \
                      that call says why";

const CLOSED: &str = "the server closed the connection before its response was complete";

const UNSENT: &str = "the connection was closed before the request was written to it";

const PROXY_CREDENTIALS: &str = "the proxy doesn't accept the user and password, or demands them (407); they are part of its URL: \
                                 `http://user:password@host:port`. Only the scheme `Basic` is supported";

const PROXY_REFUSED: &str = "the proxy opened no connection: it responded to `CONNECT` with another status than 200, or not in HTTP. It \
                             may not accept the user and password, not allow this host or port, or not reach the host";

pub(super) const PROXY_UNREACHABLE: &str = "the proxy can't be reached";

const SOCKS_CREDENTIALS: &str = "the proxy doesn't accept the user and password; they are part of its URL: \
                                 `socks5://user:password@host:port`";

const SOCKS_METHOD: &str = "the proxy demands a user and a password in its URL, `socks5://user:password@host:port`, or, if it has \
                            them, accepts none";

/// The text of the innermost error, and its replacement.
const SENTENCES: [(&str, &str); 30] = [
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
    (TOO_LARGE, HEAD_TOO_LARGE),
    // reqwest.
    ("Parsed Url is not a valid Uri", TOO_LONG_FOR_A_URI),
    // reqwest: the timeout of a client that the application made, or of its reads.
    ("operation timed out", "a timeout of the application's own client ran out"),
    // hyper-util's proxies.
    ("tunnel error: unsuccessful", PROXY_REFUSED),
    ("tunnel error: unexpected end of file", "the proxy closed the connection without a response to `CONNECT`"),
    ("tunnel error: proxy response headers too long", "the headers of the proxy's response to `CONNECT` are too long"),
    (
        "SOCKS error: general server failure",
        "the proxy opened no connection, and doesn't say why (general SOCKS server failure)",
    ),
    ("SOCKS error: connection not allowed", "the proxy doesn't allow a connection to this host or port"),
    ("SOCKS error: network unreachable", "the proxy can't reach the network of this host"),
    ("SOCKS error: host unreachable", "the proxy can't reach this host, or doesn't know its name"),
    ("SOCKS error: connection refused", "the host refused the proxy's connection"),
    ("SOCKS error: ttl expired", "the proxy's connection to this host took too long (TTL expired)"),
    ("SOCKS error: command not supported", "the proxy doesn't support `CONNECT` of SOCKS5"),
    (
        "SOCKS error: address type not supported",
        "the proxy doesn't support this type of address: it gets a name with `socks5h://`, and an address with `socks5://`",
    ),
    (
        "SOCKS error: failed to create underlying connection",
        "the proxy can't be reached: nothing accepts connections at its address, or its name is unknown",
    ),
    (
        "SOCKS error: failed serialize request",
        "the proxy's user and password and the API's host are longer than 249 bytes together",
    ),
    ("SOCKS error: failed parsing server response", "what the proxy sent is not SOCKS5; is this its port for HTTP?"),
    (
        "SOCKS error: io error during SOCKS handshake",
        "the proxy closed the connection: it may not accept the user and password, or it isn't a SOCKS5 proxy",
    ),
    // tokio-rustls.
    ("tls handshake eof", "the server closed the connection during the TLS handshake"),
];

/// The same for a proxy that doesn't accept the user and password, or demands them. tinyproxy responds to wrong ones with a 401, which
/// hyper-util doesn't distinguish from other statuses.
const REFUSED_CREDENTIALS: [(&str, &str); 4] = [
    ("tunnel error: proxy authorization required", PROXY_CREDENTIALS),
    ("SOCKS error: credentials not accepted", SOCKS_CREDENTIALS),
    ("SOCKS error: server does not support user/pass authentication", SOCKS_METHOD),
    ("SOCKS error: server implements authentication incorrectly", SOCKS_METHOD),
];

/// Whether a proxy doesn't accept the user and password, or demands them.
#[cfg(any(feature = "reqwest", feature = "socks"))]
pub(in crate::transport) fn are_credentials_refused(error: &(dyn StdError + 'static)) -> bool {
    let innermost = super::chain(error).last().map(ToString::to_string);
    innermost.is_some_and(|innermost| REFUSED_CREDENTIALS.iter().any(|(text, _)| *text == innermost))
}

/// Whether a response over HTTP/1 has more or larger headers than its connection has room for. hyper has a method for it, but only for
/// servers.
#[cfg(feature = "hyper")]
pub(in crate::transport) fn is_head_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string() == TOO_LARGE
}

/// Whether it is an error of the connection to a proxy.
pub(super) fn is_of_proxy(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "hyper")]
    if super::find::<super::OfProxy>(error).is_some() {
        return true;
    }
    // hyper-util's, for the proxy of a tunnel.
    super::chain(error).any(|error| error.to_string() == "tunnel error: failed to create underlying connection")
}

/// The sentence for an error that is known by its text. It replaces the error.
pub(super) fn explain(error: &(dyn StdError + 'static), stage: Stage) -> Option<&'static str> {
    let texts: Vec<String> = super::chain(error).map(ToString::to_string).collect();
    // hyper's pings. Its innermost text is "operation timed out".
    if texts.iter().any(|text| text == "keep-alive timed out") {
        return Some("the connection is dead: the server did not respond to an HTTP/2 ping");
    }
    let innermost = texts.last()?;
    if let Some((_, sentence)) = SENTENCES.iter().chain(&REFUSED_CREDENTIALS).find(|(text, _)| text == innermost) {
        return Some(if stage == Stage::Unsent && *sentence == CLOSED { UNSENT } else { sentence });
    }
    // rustls, with a link to its manual.
    if innermost.starts_with("peer closed connection without sending TLS close_notify") {
        return Some(match stage {
            Stage::Response => "the connection ended without the close_notify of TLS: the response may be truncated",
            Stage::Connecting | Stage::Unsent | Stage::Sent => CLOSED,
        });
    }
    None
}

/// The sentence before an error that is shown as well: what it means at this stage, if it is an I/O error of this kind.
pub(super) fn introduce(stage: Stage, io: Option<io::ErrorKind>) -> Option<&'static str> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};

    match (stage, io) {
        (Stage::Unsent, _) => Some(UNSENT),
        (Stage::Sent, Some(BrokenPipe)) => Some(
            "the server, or a proxy before it, closed the connection while the request was being sent; it may have failed, the \
             request may be too large for it, or it may demand a client certificate",
        ),
        (Stage::Sent, Some(ConnectionReset | ConnectionAborted)) => Some(
            "the connection was reset: the server, or a proxy before it, closed it without a response; it may have failed, the \
             request may be too large for it, or it may demand a client certificate",
        ),
        (Stage::Response, Some(BrokenPipe | ConnectionReset | ConnectionAborted)) => {
            Some("the connection was reset before the response was complete")
        }
        _ => None,
    }
}
