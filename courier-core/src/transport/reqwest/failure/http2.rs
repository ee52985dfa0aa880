//! What a server of HTTP/2 says when it ends a stream or a connection.

use h2::{Error, Reason};

/// Whether the server says of this very request that it did nothing with it, so that any can be sent again: by resetting its
/// stream with `REFUSED_STREAM` ([RFC 9113, section 8.7](https://www.rfc-editor.org/rfc/rfc9113#section-8.7)).
///
/// That section lets a `GOAWAY` say the same of the streams above the last one that it names. It is not taken as proof: where
/// another thread reads a `GOAWAY` in the instant in which a request is handed to h2, hyper gives the request the same error
/// although its stream is not above the last one, and the server may have seen it.
pub(super) fn is_unprocessed(error: &Error) -> bool {
    error.is_remote() && error.reason() == Some(Reason::REFUSED_STREAM)
}

/// In words of ours: a `GOAWAY` carries debug data, which may be anything. `None` for an error of I/O, which tells enough.
pub(super) fn explain(error: &Error) -> Option<String> {
    let reason = error.reason()?;
    let what = match (error.is_remote(), error.is_go_away()) {
        (true, true) => "the server ended the connection by GOAWAY",
        (true, false) => "the server ended the stream by RST_STREAM",
        (false, _) => "what the server sent breaks the rules of HTTP/2",
    };
    // `REFUSED_STREAM: refused stream before processing any application logic`
    Some(format!("{what} {reason:?}: {reason}"))
}
