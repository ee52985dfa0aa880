//! The parts of a URL as it was written ([RFC 3986, 3](https://www.rfc-editor.org/rfc/rfc3986#section-3)). Nothing is repaired.

use std::net::{Ipv4Addr, Ipv6Addr};

use memchr::memchr_iter;

/// A URL with a scheme and a host. Scheme and host are in lower case.
pub(super) struct Url<'t> {
    pub(super) scheme: String,
    /// User and password as they were written, before the `@`.
    pub(super) user_info: Option<&'t str>,
    /// An IPv6 address has its brackets.
    pub(super) host: String,
    /// `None` for the scheme's own.
    pub(super) port: Option<u16>,
    pub(super) path: &'t str,
    pub(super) has_query_or_fragment: bool,
}

impl<'t> Url<'t> {
    /// `None` for a text that isn't such a URL.
    pub(super) fn parse(text: &'t str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !is_scheme {
            return None;
        }
        let scheme = scheme.to_ascii_lowercase();
        let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user_info, host_and_port) = match authority.rsplit_once('@') {
            Some((user_info, rest)) => (Some(user_info), rest),
            None => (None, authority),
        };
        let (host, port) = match host_and_port.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port),
            _ => (host_and_port, ""),
        };
        let port = match port {
            "" => None,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            _ => return None,
        };
        let path_ends = rest.find(['?', '#']).unwrap_or(rest.len());
        Some(Self {
            port: port.filter(|&port| default_port(&scheme) != Some(port)),
            scheme,
            user_info,
            host: self::host(host)?,
            path: &rest[..path_ends],
            has_query_or_fragment: path_ends < rest.len(),
        })
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The host of a URL in its usual form: a name, an IPv4 address, or an IPv6 address in brackets. `None` if it is none of them.
fn host(text: &str) -> Option<String> {
    if let Some(address) = text.strip_prefix('[') {
        let address: Ipv6Addr = address.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    match text.parse::<Ipv4Addr>() {
        Ok(address) => Some(address.to_string()),
        Err(_) => name(text),
    }
}

/// The name of a host as it is in a URL: in lower case, and in Punycode. `None` if it isn't a name alone.
pub(super) fn name(text: &str) -> Option<String> {
    let name = if text.is_ascii() { text.to_ascii_lowercase() } else { in_punycode(text)? };
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let mut labels = name.strip_suffix('.').unwrap_or(&name).split('.');
    let last = labels.next_back()?;
    let are_filled = !last.is_empty() && labels.all(|label| !label.is_empty());
    // Such a name would be read as an IPv4 address (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (is_name && are_filled && !is_number).then_some(name)
}

/// The rule that a host breaks in this build because it has other letters than ASCII's: see [`in_punycode`].
pub(super) fn needs_punycode(host: &str) -> Option<&'static str> {
    (cfg!(not(feature = "reqwest")) && !host.is_ascii()).then_some(
        "its host has other letters than ASCII's, which needs the feature `reqwest` of courier-core; enable it, or write the host in \
         Punycode: `xn--bcher-kva.example` for `b\u{fc}cher.example`",
    )
}

/// The crate for this comes with reqwest. Other builds get such a name in the form that begins with `xn--`.
#[cfg(feature = "reqwest")]
fn in_punycode(name: &str) -> Option<String> {
    let is_more = |c: char| c.is_whitespace() || c.is_control() || "/\\?#@:".contains(c);
    let url = reqwest::Url::parse(&["http://", name].concat()).ok().filter(|_| !name.contains(is_more))?;
    url.domain().map(str::to_owned)
}

#[cfg(not(feature = "reqwest"))]
fn in_punycode(_: &str) -> Option<String> {
    None
}

/// The bytes that are percent-encoded in a path.
const ENCODED: [bool; 256] = {
    let mut encoded = [false; 256];
    let mut byte = 0_u8;
    loop {
        encoded[byte as usize] =
            matches!(byte, 0..=b' ' | 0x7f..=0xff | b'"' | b'#' | b'<' | b'>' | b'?' | b'`' | b'{' | b'}' | b'\\');
        if byte == u8::MAX {
            break encoded;
        }
        byte += 1;
    }
};

/// Whether a URL parser keeps a path as it is written: it begins with a slash, has no segment `.` or `..`, encoded or not, and no
/// character that must be percent-encoded.
pub(super) fn keeps(path: &str) -> bool {
    path.starts_with('/') && !path.bytes().any(|byte| ENCODED[usize::from(byte)]) && !has_dot_segment(path)
}

fn has_dot_segment(path: &str) -> bool {
    // Most paths have none of these characters at the start of a segment.
    let bytes = path.as_bytes();
    if !memchr_iter(b'/', bytes).any(|slash| matches!(bytes.get(slash + 1), Some(b'.' | b'%'))) {
        return false;
    }
    path.split('/').any(|segment| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        matches!(&*segment, "." | "..")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_url_are_those_that_were_written() {
        let parts = |text| {
            let Url { scheme, user_info, host, port, path, has_query_or_fragment } = Url::parse(text)?;
            Some((scheme, user_info, host, port, path, has_query_or_fragment))
        };
        for (text, expected) in [
            ("https://api.example", Some(("https", None, "api.example", None, "", false))),
            ("HTTPS://API.Example:443/", Some(("https", None, "api.example", None, "/", false))),
            ("http://api.example:443/v1", Some(("http", None, "api.example", Some(443), "/v1", false))),
            ("http://api.example:/v1", Some(("http", None, "api.example", None, "/v1", false))),
            ("socks5://u:p@w@[::0001]:1080", Some(("socks5", Some("u:p@w"), "[::1]", Some(1080), "", false))),
            ("http://[::1]", Some(("http", None, "[::1]", None, "", false))),
            ("https://a.example/x?y/z#", Some(("https", None, "a.example", None, "/x", true))),
            ("https://a.example#x", Some(("https", None, "a.example", None, "", true))),
            ("https://a.example:65536", None),
            ("https://a.example:+1", None),
            ("https://a:b:1", None),
            ("https://[::1", None),
            ("https://::1", None),
            ("https://[::1]x", None),
            ("https:///x", None),
            ("https://", None),
            ("1http://a.example", None),
            ("://a.example", None),
            ("https:a.example", None),
        ] {
            let expected = expected.map(|(scheme, user_info, host, port, path, more)| {
                (scheme.to_owned(), user_info, host.to_owned(), port, path, more)
            });
            assert_eq!(parts(text), expected, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_host_is_the_one_of_a_url() {
        for (text, expected) in [
            ("api.example", Some("api.example")),
            ("API.Example", Some("api.example")),
            ("api.example.", Some("api.example.")),
            ("_service.example", Some("_service.example")),
            ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
            ("127.0.0.1", None),
            ("127.1", None),
            ("0x7f.1", None),
            ("1.0x7f", None),
            ("[::1]", None),
            ("::1", None),
            ("", None),
            (".", None),
            ("a..b", None),
            ("api.example:80", None),
            ("api.example/", None),
            ("api\texample", None),
            ("user@api.example", None),
            ("api example", None),
            ("%20.example", None),
            ("b\u{fc}cher example", None),
        ] {
            assert_eq!(name(text).as_deref(), expected, "{text}");
        }
        let other_letters = cfg!(feature = "reqwest").then_some("xn--bcher-kva.example");
        assert_eq!(name("b\u{fc}cher.example").as_deref(), other_letters);
        assert_eq!(needs_punycode("b\u{fc}cher.example").is_some(), other_letters.is_none());
        assert_eq!(needs_punycode("api example"), None);
    }

    /// A path that one of them keeps and the other changes would depend on the transport.
    #[cfg(feature = "reqwest")]
    #[test]
    fn a_path_is_kept_exactly_if_a_url_parser_keeps_it() {
        let characters = (0..0x250).filter_map(char::from_u32).map(|character| format!("/a{character}b"));
        let segments = [".", "..", "...", "%2e", "%2E.", ".%2e", "%2e%2E", "%252e", "%2", "a.", ".a", "", "a%2eb", "*"];
        let segments = segments.into_iter().flat_map(|segment| {
            [format!("/{segment}"), format!("/{segment}/"), format!("/x/{segment}/y"), segment.to_owned()]
        });
        for path in characters.chain(segments) {
            let mut url = reqwest::Url::parse("https://api.example").expect("a URL");
            url.set_path(&path);
            assert_eq!(keeps(&path), path == url.path(), "{path:?}");
        }
    }
}
