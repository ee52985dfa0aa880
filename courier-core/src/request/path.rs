//! Writes values into a path, one encoded segment at a time. Nothing else does.

use std::fmt::{self, Display, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::InvalidRequest;
use crate::endpoint::{Endpoint, PathPart, Placeholder};

/// Everything but the unreserved characters of [RFC 3986, 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
///
/// `/` and `\` would end the segment, `?` and `#` the path; a `%` would make a value look already encoded.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Fills the path of a template; `values` are in the order of its placeholders.
///
/// # Errors
///
/// Returns [`InvalidRequest::Segment`] if a finished segment addresses, or might address, something else ([`check`]),
/// and for NaN and infinity.
///
/// # Panics
///
/// Panics if there are fewer values than placeholders. The attribute passes one for each.
pub(crate) fn fill(endpoint: &Endpoint, values: &[&dyn Display]) -> Result<String, InvalidRequest> {
    let mut path = String::with_capacity(endpoint.template().len() + 40 * values.len());
    let mut values = values.iter();
    for part in endpoint.path() {
        let (template, placeholders, end) = match *part {
            PathPart::Fixed(text) => {
                path.push_str(text);
                continue;
            }
            PathPart::Segment(template, placeholders, end) => (template, placeholders, end),
        };
        let start = path.len();
        for Placeholder { before, name, several } in placeholders {
            path.push_str(before);
            let value = *values.next().expect("the attribute passes a value for each placeholder");
            let value_start = path.len();
            let written = if *several {
                write_segments(&mut path, template, value)?
            } else {
                write!(PercentEncode(&mut path), "{value}")
            };
            written.map_err(|fmt::Error| InvalidRequest::Display { argument: name })?;
            check_number(template, value, &path[value_start..])?;
        }
        path.push_str(end);
        check(&path[start..]).map_err(|rule| refused(template, &path[start..], rule))?;
    }
    Ok(path)
}

/// Writes a value of several segments, each encoded separately.
fn write_segments(
    path: &mut String,
    template: &'static str,
    value: &dyn Display,
) -> Result<fmt::Result, InvalidRequest> {
    let mut text = String::new();
    if let Err(error) = write!(text, "{value}") {
        return Ok(Err(error));
    }
    for (position, segment) in text.split('/').enumerate() {
        if position > 0 {
            path.push('/');
        }
        let start = path.len();
        path.extend(utf8_percent_encode(segment, ENCODED));
        // The whole value is shown: a segment by itself is hard to find in it, and a part of a secret isn't recognized as one.
        check(&path[start..]).map_err(|rule| InvalidRequest::Segment { template, value: text.clone(), rule })?;
    }
    Ok(Ok(()))
}

/// Checks that a finished, encoded segment addresses only itself.
///
/// Encoding doesn't help against dots. URL parsers read `%2e%2e` as `..` too, and would send `/messages/../cancel` to
/// `/cancel`. A proxy that decodes a path before it resolves dots (nginx with a path in `proxy_pass`, Apache with
/// `AllowEncodedSlashes On`) does the same with `/messages/..%2Fx/cancel`. This check decodes once; a value that takes
/// a second decoding to become dots, such as `%252e`, is left as is.
///
/// # Errors
///
/// The rule that the segment breaks, with the fix.
fn check(segment: &str) -> Result<(), &'static str> {
    let is_dots = |part: &str| matches!(part, "." | "..");
    if segment.is_empty() || is_dots(segment) {
        Err(
            "a segment must not be empty, `.` or `..`, because URL parsers resolve it to another path; pass the value that the \
             API gave you",
        )
    } else if segment.contains('.') && segment.split("%2F").flat_map(|part| part.split("%5C")).any(is_dots) {
        Err(
            "a proxy that decodes its slashes would resolve the `.` or `..` between them to another path; pass the value that the \
             API gave you",
        )
    } else {
        Ok(())
    }
}

/// Refuses NaN and infinity, which identify no resource.
///
/// Only numbers align to the right in `Display`, which distinguishes the number NaN from the text "NaN", also inside a
/// reference, a `Box` and most wrappers.
fn check_number(template: &'static str, value: &dyn Display, written: &str) -> Result<(), InvalidRequest> {
    if matches!(written, "NaN" | "inf" | "-inf") && format!("{value:5}").starts_with(' ') {
        return Err(refused(
            template,
            written,
            "it is not a number, so it identifies nothing; check the value before the call",
        ));
    }
    Ok(())
}

#[cold]
fn refused(template: &'static str, segment: &str, rule: &'static str) -> InvalidRequest {
    let value = percent_decode_str(segment).decode_utf8_lossy().into_owned();
    InvalidRequest::Segment { template, value, rule }
}

/// Percent-encodes what a `Display` writes, without an intermediate string.
struct PercentEncode<'p>(&'p mut String);

impl fmt::Write for PercentEncode<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend(utf8_percent_encode(text, ENCODED));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::PathPart::{Fixed, Segment};
    use super::*;

    const fn placeholder(before: &'static str, name: &'static str) -> Placeholder {
        Placeholder { before, name, several: false }
    }

    fn filled(path: &'static [PathPart], values: &[&dyn Display]) -> Result<String, InvalidRequest> {
        fill(&Endpoint::new("name", Method::GET, "", path, &[], false), values)
    }

    fn cancel(id: &str) -> Result<String, InvalidRequest> {
        const ID: &[Placeholder] = &[placeholder("", "message_id")];
        filled(&[Fixed("/messages/"), Segment("<message_id>", ID, ""), Fixed("/cancel")], &[&id])
    }

    #[test]
    fn a_value_stays_one_segment_even_with_special_characters() {
        for (value, path) in [
            ("1-65f0c0e1", "/messages/1-65f0c0e1/cancel"),
            ("a/b\\c?d#e", "/messages/a%2Fb%5Cc%3Fd%23e/cancel"),
            ("100%", "/messages/100%25/cancel"),
            ("%2e%2e", "/messages/%252e%252e/cancel"),
            ("<message_id>", "/messages/%3Cmessage_id%3E/cancel"),
            ("a b+ü", "/messages/a%20b%2B%C3%BC/cancel"),
            ("-._~", "/messages/-._~/cancel"),
            ("...", "/messages/.../cancel"),
            ("\0\r\n", "/messages/%00%0D%0A/cancel"),
        ] {
            assert_eq!(cancel(value).as_deref(), Ok(path), "{value:?}");
        }
    }

    #[test]
    fn an_empty_or_dot_segment_is_refused() {
        for value in ["", ".", ".."] {
            let error = cancel(value).expect_err(value);
            let InvalidRequest::Segment { template: "<message_id>", value: shown, .. } = &error else {
                panic!("{error:?}")
            };
            assert_eq!(shown, value);
        }
    }

    #[test]
    fn a_dot_segment_between_slashes_that_a_proxy_may_decode_is_refused() {
        const PAIR: &[Placeholder] = &[placeholder("", "a"), placeholder("..", "b")];
        for value in ["../x", "x/..", "a/../b", "a/./b", "..\\x", "a\\..\\b", "a/..\\b", "/.", "../../x"] {
            let error = cancel(value).expect_err(value).to_string();
            assert!(error.contains("proxy") && error.contains(&format!("{value:?}")), "{error}");
        }
        for value in ["a/b", "a/..b", "a../b", "...", "/.../", "%2e%2e%2fx", "..%2Fx", "..%5cx", "a\\b", "v1.2/x"] {
            cancel(value).expect(value);
        }
        let pair = |a: &str, b: &str| filled(&[Fixed("/"), Segment("<a>..<b>", PAIR, "")], &[&a, &b]);
        for (a, b) in [("x/", "/y"), ("", "/y"), ("x\\", "")] {
            pair(a, b).expect_err("a dot segment made of two values");
        }
        pair("x", "/y").expect("no dot segment");
    }

    #[test]
    fn a_long_value_is_cut_in_the_error() {
        let error = cancel(&"../".repeat(10_000)).expect_err("dots").to_string();
        assert!(error.len() < 1000 && error.contains('…'), "{error}");
    }

    #[test]
    fn the_finished_segment_is_checked_not_each_value() {
        const VERSION: &[Placeholder] = &[placeholder("v", "version")];
        const PAIR: &[Placeholder] = &[placeholder("", "a"), placeholder(".", "b")];
        let file =
            |version: &str| filled(&[Fixed("/files/"), Segment("v<version>.json", VERSION, ".json")], &[&version]);
        assert_eq!(file("").as_deref(), Ok("/files/v.json"));
        assert_eq!(file("..").as_deref(), Ok("/files/v...json"));

        let pair = |a: &str, b: &str| filled(&[Fixed("/"), Segment("<a>.<b>", PAIR, "")], &[&a, &b]);
        assert_eq!(pair("x", "").as_deref(), Ok("/x."));
        for (a, b) in [("", ""), (".", ""), ("", ".")] {
            pair(a, b).expect_err("`.` and `..` made of two values");
        }
    }

    #[test]
    fn several_segments_are_encoded_separately() {
        const PATH: &[Placeholder] = &[Placeholder { before: "", name: "path", several: true }];
        let file = |path: &str| filled(&[Fixed("/files/"), Segment("<path..>", PATH, ""), Fixed("/raw")], &[&path]);
        assert_eq!(file("docs/a b.md").as_deref(), Ok("/files/docs/a%20b.md/raw"));
        assert_eq!(file("a").as_deref(), Ok("/files/a/raw"));
        assert_eq!(file("%2e%2e/..a").as_deref(), Ok("/files/%252e%252e/..a/raw"));
        for path in ["", "/", "/a", "a/", "a//b", "..", "a/../b", "a/.", "./a"] {
            let error = file(path).expect_err(path);
            assert!(matches!(error, InvalidRequest::Segment { template: "<path..>", .. }), "{error}");
        }
    }

    #[test]
    fn a_display_that_fails_is_an_error_and_not_a_panic() {
        struct Broken;
        impl Display for Broken {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                Err(fmt::Error)
            }
        }
        const ID: &[Placeholder] = &[placeholder("", "id")];
        assert_eq!(
            filled(&[Fixed("/"), Segment("<id>", ID, "")], &[&Broken]),
            Err(InvalidRequest::Display { argument: "id" })
        );
    }
}
