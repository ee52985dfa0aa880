//! What a server of HTTP/2 says when it ends a stream or a connection.

use h2::{Error, Reason};

/// Whether the server says that it did nothing with the request, so that any can be sent again
/// ([RFC 9113, section 8.7](https://www.rfc-editor.org/rfc/rfc9113#section-8.7)).
///
/// It says so by resetting the stream with `REFUSED_STREAM`, and by a `GOAWAY` that names an earlier stream as the last, whatever
/// its code is (section 6.8). h2 gives the error with the `GOAWAY` to the streams above that last one alone. Those up to it may go
/// on; where the connection then ends, theirs is an error of I/O.
///
/// One gap is left, and is hyper's: where another thread reads a `GOAWAY` in the instant in which a request is handed to h2, hyper
/// gives the request the same error, gives its stream up with `CANCEL`, and the server may yet have seen it.
pub(super) fn is_unprocessed(error: &Error) -> bool {
    error.is_remote() && (error.is_go_away() || error.reason() == Some(Reason::REFUSED_STREAM))
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
