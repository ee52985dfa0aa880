//! All rules for request headers: those of an endpoint, of one call, and of all calls.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::InvalidRequest;

/// Headers that decide where a message ends, who receives it, and what happens to its connection. A wrong value would
/// be request smuggling, and in HTTP/2 a malformed request
/// ([RFC 9113, 8.2.2](https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2)).
///
/// The attribute refuses the same names at compile time.
const FRAMING: [&str; 7] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "host", "upgrade"];

/// The headers that hold credentials by definition.
const CREDENTIALS: [HeaderName; 3] = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE];

/// Whether a header holds a credential by definition. `Debug` hides such a header, and `curl` leaves it out.
pub(crate) fn is_credential(name: &HeaderName) -> bool {
    CREDENTIALS.contains(name)
}

/// Checks a header name that the caller wants to set.
///
/// # Errors
///
/// Returns the rule that it breaks, and the fix.
pub(crate) fn name(name: &str) -> Result<HeaderName, &'static str> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "a header's name consists of letters, digits and `` !#$%&'*+-.^_`|~ ``; rename it")?;
    if FRAMING.contains(&name.as_str()) {
        return Err("only the transport may set this header, because it frames the message; leave it out");
    }
    Ok(name)
}

/// Checks a header value: visible ASCII characters, with spaces only between them. It may be empty.
///
/// # Errors
///
/// Returns the rule that it breaks, and the fix. The text never quotes the value, which may be a secret.
pub(crate) fn value(text: &str) -> Result<HeaderValue, &'static str> {
    check_value(text)?;
    Ok(HeaderValue::from_str(text).expect("visible ASCII characters and spaces"))
}

/// The rule of [`value`], for text that is only a part of a header.
pub(crate) fn check_value(text: &str) -> Result<(), &'static str> {
    // HTTP/1.1 strips them, so the server would see another value (RFC 9110, 5.5). HTTP/2 calls them malformed (RFC
    // 9113, 8.2.1).
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err("its value has a space or a tab at an end, which HTTP doesn't transmit; trim it");
    }
    if text.bytes().any(|byte| !matches!(byte, b' '..=b'~')) {
        return Err("its value has a control or non-ASCII character; encode it as the API's documentation says");
    }
    Ok(())
}

/// Checks a header and sets it, replacing any of the same name.
pub(crate) fn set(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidRequest> {
    let invalid = |rule| InvalidRequest::Header { name: name.to_owned(), rule };
    let name = self::name(name).map_err(invalid)?;
    let mut value = self::value(value).map_err(invalid)?;
    // A header whose value was marked as a secret holds one, whoever sets it next.
    let was_secret = headers.get(&name).is_some_and(HeaderValue::is_sensitive);
    value.set_sensitive(was_secret || is_credential(&name));
    headers.insert(name, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_a_header_cannot_hold_is_refused_and_not_shown() {
        let blank = ["s3cret ", " s3cret", "s3cret\t", "\ts3cret", "  s3cret  ", "s3cret \t"];
        for value in ["s3c\tret", "s3cret\r\nx: y", "s3cret\0", "s3crét", "\u{7f}s3cret"].into_iter().chain(blank) {
            let mut headers = HeaderMap::new();
            let error = set(&mut headers, "x-token", value).expect_err(value);
            assert!(matches!(&error, InvalidRequest::Header { name, .. } if name == "x-token"));
            assert!(!format!("{error} {error:?}").contains("s3c") && headers.is_empty());
        }
    }

    #[test]
    fn a_value_is_visible_ascii_with_spaces_inside_or_empty() {
        let visible: String = (' '..='~').collect();
        for text in ["", "a", "a b", "a  b", visible.trim()] {
            assert_eq!(value(text).expect(text), text);
        }
    }

    #[test]
    fn headers_that_frame_a_message_are_refused_in_any_case() {
        for refused in FRAMING.into_iter().chain(["Content-Length", "HOST", "Keep-Alive", "", "a b", "ü"]) {
            name(refused).expect_err(refused);
        }
    }

    #[test]
    fn a_value_that_replaces_a_secret_is_a_secret_too() {
        let mut headers = HeaderMap::new();
        set(&mut headers, "x-token", "s3cret").expect("a header");
        headers.get_mut("x-token").expect("it is set").set_sensitive(true);
        set(&mut headers, "X-Token", "another").expect("a header");
        assert!(headers["x-token"] == "another" && headers["x-token"].is_sensitive());
    }

    #[test]
    fn only_credentials_are_marked_as_sensitive() {
        let mut headers = HeaderMap::new();
        for name in ["authorization", "Proxy-Authorization", "COOKIE", "x-token"] {
            set(&mut headers, name, "a").expect(name);
        }
        let shown: Vec<_> = headers.iter().filter(|(_, value)| !value.is_sensitive()).map(|(name, _)| name).collect();
        assert_eq!(shown, ["x-token"]);
    }
}
