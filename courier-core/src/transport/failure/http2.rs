//! Explains how a server ended an HTTP/2 stream or connection.

use h2::{Error, Reason};

/// Whether the server says that it did nothing with this request, so that any method can be retried: it reset the
/// stream with `REFUSED_STREAM` ([RFC 9113, section 8.7](https://www.rfc-editor.org/rfc/rfc9113#section-8.7)).
///
/// By that section, a `GOAWAY` says the same about streams above the last one it names, but it isn't proof here. If
/// another thread reads a `GOAWAY` just as a request is handed to h2, hyper returns the same error although the stream
/// isn't above the last one, and the server may have seen the request.
pub(super) fn is_unprocessed(error: &Error) -> bool {
    error.is_remote() && error.reason() == Some(Reason::REFUSED_STREAM)
}

/// Whether the server said that it ends the connection in order, and that the last stream it processes is one before this request's
/// ([RFC 9113, section 6.8](https://www.rfc-editor.org/rfc/rfc9113#section-6.8)). This is only so if no other thread reads the
/// connection while a request is handed to h2.
#[cfg(feature = "hyper")]
pub(super) fn is_above_last_stream(error: &Error) -> bool {
    error.is_remote() && error.is_go_away() && error.reason() == Some(Reason::NO_ERROR)
}

/// Explains an error without quoting the server: the debug data of a `GOAWAY` may be anything. `None` for an I/O error,
/// which is shown as well.
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
        // h2 reports this for a head far above `max_header_list_size`, and for one of too many frames.
        Reason::ENHANCE_YOUR_CALM => super::texts::HEAD_TOO_LARGE.to_owned(),
        // h2 reports this for a head slightly above the limit, among others.
        Reason::PROTOCOL_ERROR if error.is_reset() => {
            format!("the response's head violates HTTP/2, or {}", super::texts::HEAD_TOO_LARGE)
        }
        _ => format!("the server violated HTTP/2 ({reason:?}: {reason})"),
    })
}

/// What a code means when a server sends it instead of a response. `None` for codes that
/// [RFC 9113, section 7](https://www.rfc-editor.org/rfc/rfc9113#section-7), doesn't define.
fn meaning(reason: Reason, is_go_away: bool) -> Option<&'static str> {
    Some(match reason {
        Reason::NO_ERROR if is_go_away => "it is shutting down, or closes an old or idle connection",
        Reason::NO_ERROR => "it needs no more of the request, but its response is incomplete",
        Reason::PROTOCOL_ERROR => {
            "it considers the request a violation of HTTP/2, or doesn't accept such a request (because it is too long, say)"
        }
        Reason::INTERNAL_ERROR => "it had an internal error",
        Reason::FLOW_CONTROL_ERROR => "it received more than it allows",
        Reason::SETTINGS_TIMEOUT => "it waited too long for its settings to be acknowledged",
        Reason::STREAM_CLOSED => "it received more after the request was complete",
        Reason::FRAME_SIZE_ERROR => "it doesn't accept frames of this size",
        Reason::REFUSED_STREAM => "it refused the request",
        Reason::CANCEL => "it gave up the request; a proxy does that when the server behind it fails or is too slow",
        Reason::COMPRESSION_ERROR => "it could not read the request's headers",
        Reason::CONNECT_ERROR => "it lost its own connection for this request",
        Reason::ENHANCE_YOUR_CALM => "this client sends too many requests, or too much data",
        Reason::INADEQUATE_SECURITY => "the connection's TLS is too weak for HTTP/2",
        Reason::HTTP_1_1_REQUIRED => "it accepts this request only over HTTP/1.1",
        _ => return None,
    })
}
