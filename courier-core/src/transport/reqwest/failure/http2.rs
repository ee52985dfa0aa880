//! What a server of HTTP/2 says when it ends a stream or a connection.

use h2::{Error, Reason};

/// Whether the server says of this very request that it did nothing with it, so that any can be retried: by resetting its
/// stream with `REFUSED_STREAM` ([RFC 9113, section 8.7](https://www.rfc-editor.org/rfc/rfc9113#section-8.7)).
///
/// That section lets a `GOAWAY` say the same of the streams above the last one that it names. It is not taken as proof: where
/// another thread reads a `GOAWAY` in the instant in which a request is handed to h2, hyper gives the request the same error
/// although its stream is not above the last one, and the server may have seen it.
pub(super) fn is_unprocessed(error: &Error) -> bool {
    error.is_remote() && error.reason() == Some(Reason::REFUSED_STREAM)
}

/// In our own words: a `GOAWAY` carries debug data, which may be anything. `None` for an error of I/O, which says enough.
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
        // h2 says so of a head that is far above `max_header_list_size`, and of too many frames of one.
        Reason::ENHANCE_YOUR_CALM => super::texts::HEAD_TOO_LARGE.to_owned(),
        // Of one that is a little above it too, which nothing else says.
        Reason::PROTOCOL_ERROR if error.is_reset() => {
            format!("the response's head breaks the rules of HTTP/2, or {}", super::texts::HEAD_TOO_LARGE)
        }
        _ => format!("what the server sent breaks the rules of HTTP/2 ({reason:?}: {reason})"),
    })
}

/// What a code means that a server sends instead of a response. `None` for one that
/// [RFC 9113, section 7](https://www.rfc-editor.org/rfc/rfc9113#section-7), doesn't define.
fn meaning(reason: Reason, is_go_away: bool) -> Option<&'static str> {
    Some(match reason {
        Reason::NO_ERROR if is_go_away => "it shuts down, or closes a connection that is old or idle",
        Reason::NO_ERROR => "it wants no more of the request, and its response is not complete",
        Reason::PROTOCOL_ERROR => {
            "it finds that the request breaks the rules of HTTP/2, or doesn't take such a request (one that is too long, say)"
        }
        Reason::INTERNAL_ERROR => "it failed",
        Reason::FLOW_CONTROL_ERROR => "it finds that it was sent more than it allows",
        Reason::SETTINGS_TIMEOUT => "it waited too long for its settings to be acknowledged",
        Reason::STREAM_CLOSED => "it had taken the request for complete, and more came",
        Reason::FRAME_SIZE_ERROR => "it doesn't take frames of this size",
        Reason::REFUSED_STREAM => "it did nothing with the request",
        Reason::CANCEL => "it gave the request up; a proxy does so when the server behind it fails or is too slow",
        Reason::COMPRESSION_ERROR => "it could not read the request's headers",
        Reason::CONNECT_ERROR => "its own connection for this request was lost",
        Reason::ENHANCE_YOUR_CALM => "it finds that this client asks too often, or sends too much",
        Reason::INADEQUATE_SECURITY => "it finds the connection's TLS too weak for HTTP/2",
        Reason::HTTP_1_1_REQUIRED => "it takes this request over HTTP/1.1 only",
        _ => return None,
    })
}
