//! What an HTTP/2 server says when it ends a stream or a connection.

use h2::{Error, Reason};

/// Whether the server says that it did not process this request, so that it can be retried whatever its method: it resets the
/// stream with `REFUSED_STREAM` ([RFC 9113, section 8.7](https://www.rfc-editor.org/rfc/rfc9113#section-8.7)).
///
/// By that section a `GOAWAY` says the same of the streams above the last one that it names. That isn't proof here: if another
/// thread reads the `GOAWAY` while a request is being handed to h2, hyper reports the same error for that request, although its
/// stream isn't above the last one and the server may have received it.
pub(super) fn is_unprocessed(error: &Error) -> bool {
    error.is_remote() && error.reason() == Some(Reason::REFUSED_STREAM)
}

/// A sentence in place of the error, since a `GOAWAY` carries debug data, which may be anything. `None` for an I/O error.
pub(super) fn explain(error: &Error) -> Option<String> {
    let reason = error.reason()?;
    if error.is_remote() {
        let what = if error.is_go_away() { "the connection by GOAWAY" } else { "the stream by RST_STREAM" };
        return Some(match meaning(reason, error.is_go_away()) {
            Some(meaning) => format!("the server ended {what} {reason:?}: {meaning}"),
            None => format!("the server ended {what} {:#x}, a code that HTTP/2 doesn't define", u32::from(reason)),
        });
    }
    Some(match reason {
        // h2's code for a head far above `max_header_list_size`, or in too many frames.
        Reason::ENHANCE_YOUR_CALM => super::texts::HEAD_TOO_LARGE.to_owned(),
        // Its code for a head slightly above that limit, too.
        Reason::PROTOCOL_ERROR if error.is_reset() => {
            format!("the response's head breaks the rules of HTTP/2, or {}", super::texts::HEAD_TOO_LARGE)
        }
        _ => format!("the server broke the rules of HTTP/2 ({reason:?}: {reason})"),
    })
}

/// What a code means if a server sends it instead of a response. `None` for a code that
/// [RFC 9113, section 7](https://www.rfc-editor.org/rfc/rfc9113#section-7), doesn't define.
fn meaning(reason: Reason, is_go_away: bool) -> Option<&'static str> {
    Some(match reason {
        Reason::NO_ERROR if is_go_away => "it is shutting down, or closes an old or idle connection",
        Reason::NO_ERROR => "it needs no more of the request, but its response is not complete",
        Reason::PROTOCOL_ERROR => {
            "to the server, the request breaks the rules of HTTP/2 or its own, such as a limit of its length"
        }
        Reason::INTERNAL_ERROR => "it failed",
        Reason::FLOW_CONTROL_ERROR => "it received more data than it allows",
        Reason::SETTINGS_TIMEOUT => "it waited too long for its settings to be acknowledged",
        Reason::STREAM_CLOSED => "it considered the request complete, but received more of it",
        Reason::FRAME_SIZE_ERROR => "it doesn't accept frames of this size",
        Reason::REFUSED_STREAM => "it did not process the request",
        Reason::CANCEL => "it gave up on the request, as a proxy does when the server behind it fails or is too slow",
        Reason::COMPRESSION_ERROR => "it could not read the request's headers",
        Reason::CONNECT_ERROR => "its own connection for this request was lost",
        Reason::ENHANCE_YOUR_CALM => "it says that this client sends too many requests or too much data",
        Reason::INADEQUATE_SECURITY => "the connection's TLS is too weak for its HTTP/2",
        Reason::HTTP_1_1_REQUIRED => "it accepts this request over HTTP/1.1 only",
        _ => return None,
    })
}
