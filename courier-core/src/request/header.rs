//! Every rule about the headers of a request, once: for those of an endpoint, of one call and of all calls.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::InvalidRequest;

/// What decides where a message ends, who gets it and what becomes of its connection: a wrong value here is request smuggling,
/// and in HTTP/2 a malformed request ([RFC 9113, 8.2.2](https://www.rfc-editor.org/rfc/rfc9113#section-8.2.2)).
///
/// The attribute refuses the same names at compile time.
const FRAMING: [&str; 7] =
    ["content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "host", "upgrade"];

/// The headers that hold credentials by their definition.
const CREDENTIALS: [HeaderName; 3] = [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE];

/// Whether a header holds a credential by its definition: it is hidden in `Debug`, and left out of `curl`.
pub(crate) fn is_credential(name: &HeaderName) -> bool {
    CREDENTIALS.contains(name)
}

/// A name that is the caller's to set.
///
/// # Errors
///
/// The rule that it breaks, with the remedy.
pub(crate) fn name(name: &str) -> Result<HeaderName, &'static str> {
    let name = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| "a header's name is one or more letters, digits, `-` or `_`")?;
    if FRAMING.contains(&name.as_str()) {
        return Err("it frames the message, which is the transport's to do; leave it out");
    }
    Ok(name)
}

/// A value: visible ASCII characters, with spaces only between them. It may be empty.
///
/// # Errors
///
/// The rule that it breaks, with the remedy and no byte of the value, which may be a secret.
pub(crate) fn value(text: &str) -> Result<HeaderValue, &'static str> {
    check_value(text)?;
    Ok(HeaderValue::from_str(text).expect("visible ASCII characters and spaces"))
}

/// The rule of [`value`], for what is not one header by itself.
pub(crate) fn check_value(text: &str) -> Result<(), &'static str> {
    // HTTP/1.1 drops them (RFC 9110, 5.5), so that another value arrives; to HTTP/2 they are malformed (RFC 9113, 8.2.1).
    if text.starts_with([' ', '\t']) || text.ends_with([' ', '\t']) {
        return Err("its value has a space or a tab at an end, which doesn't arrive; trim it");
    }
    if text.bytes().any(|byte| !matches!(byte, b' '..=b'~')) {
        return Err("its value has a control character or one outside ASCII; encode it as the API's page says");
    }
    Ok(())
}

/// Checks a header and adds it, in place of one of the same name.
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
    fn a_value_that_no_header_can_hold_is_refused_and_not_shown() {
        let blank = ["s3cret ", " s3cret", "s3cret\t", "\ts3cret", "  s3cret  ", "s3cret \t"];
        for value in ["s3c\tret", "s3cret\r\nx: y", "s3cret\0", "s3crét", "\u{7f}s3cret"].into_iter().chain(blank) {
            let mut headers = HeaderMap::new();
            let error = set(&mut headers, "x-token", value).expect_err(value);
            assert!(matches!(&error, InvalidRequest::Header { name, .. } if name == "x-token"));
            assert!(!format!("{error} {error:?}").contains("s3c") && headers.is_empty());
        }
    }

    #[test]
    fn visible_ascii_with_spaces_between_is_a_value_and_so_is_nothing() {
        let visible: String = (' '..='~').collect();
        for text in ["", "a", "a b", "a  b", visible.trim()] {
            assert_eq!(value(text).expect(text), text);
        }
    }

    #[test]
    fn what_frames_a_message_is_refused_in_any_case() {
        for refused in FRAMING.into_iter().chain(["Content-Length", "HOST", "Keep-Alive", "", "a b", "ü"]) {
            name(refused).expect_err(refused);
        }
    }

    #[test]
    fn what_takes_the_place_of_a_secret_is_one_too() {
        let mut headers = HeaderMap::new();
        set(&mut headers, "x-token", "s3cret").expect("a header");
        headers.get_mut("x-token").expect("it is set").set_sensitive(true);
        set(&mut headers, "X-Token", "another").expect("a header");
        assert!(headers["x-token"] == "another" && headers["x-token"].is_sensitive());
    }

    #[test]
    fn a_credential_is_marked_as_one_and_nothing_else_is() {
        let mut headers = HeaderMap::new();
        for name in ["authorization", "Proxy-Authorization", "COOKIE", "x-token"] {
            set(&mut headers, name, "a").expect(name);
        }
        let shown: Vec<_> = headers.iter().filter(|(_, value)| !value.is_sensitive()).map(|(name, _)| name).collect();
        assert_eq!(shown, ["x-token"]);
    }
}
