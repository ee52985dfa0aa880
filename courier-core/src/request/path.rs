//! Writes values into a path, one encoded segment at a time. Nothing else does.

use std::fmt::{self, Display, Write as _};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use super::InvalidRequest;
use crate::endpoint::{Endpoint, PathPart, Placeholder};

/// Everything but the unreserved characters of [RFC 3986, 2.3](https://www.rfc-editor.org/rfc/rfc3986#section-2.3).
///
/// `/` and `\` would end the segment, `?` and `#` the path; a `%` would make a value look already encoded.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The length of each byte after encoding.
const ENCODED_LENGTH: [u8; 256] = {
    let mut lengths = [3; 256];
    let mut byte = 0_u8;
    // ASCII ends here, and with it the unreserved characters.
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            lengths[byte as usize] = 1;
        }
        byte += 1;
    }
    lengths
};

/// The length of a text after encoding.
pub(super) fn encoded_length(text: &str) -> usize {
    text.bytes().map(|byte| usize::from(ENCODED_LENGTH[usize::from(byte)])).sum()
}

/// Fills the path of a template; `values` are in the order of its placeholders.
///
/// # Errors
///
/// Returns [`InvalidRequest::Segment`] if a finished segment addresses, or might address, something else ([`broken_rule`]),
/// and for NaN and infinity.
///
/// # Panics
///
/// Panics if there are fewer values than placeholders. The attribute passes one for each.
pub(crate) fn fill(endpoint: &Endpoint, values: &[&dyn Display]) -> Result<Vec<u8>, InvalidRequest> {
    let mut path = Writer::new(endpoint, values.len());
    let mut values = values.iter();
    for part in endpoint.path() {
        let (template, placeholders, end) = match *part {
            PathPart::Fixed(text) => {
                path.fixed(text);
                continue;
            }
            PathPart::Segment(template, placeholders, end) => (template, placeholders, end),
        };
        let start = path.position();
        for Placeholder { before, name, several } in placeholders {
            path.fixed(before);
            let value = *values.next().expect("the attribute passes a value for each placeholder");
            let value_start = path.position();
            let written = if *several { write_segments(&mut path, template, value)? } else { write!(path, "{value}") };
            written.map_err(|fmt::Error| InvalidRequest::Display { argument: name })?;
            check_number(template, value, &mut path, value_start)?;
        }
        path.fixed(end);
        let segment = path.since(start);
        if let Some(rule) = broken_rule(segment) {
            return Err(refused(template, segment, rule));
        }
    }
    if !path.waiting.is_empty() {
        path.make_room(0);
    }
    Ok(path.written)
}

/// Writes a value of several segments, each encoded separately.
fn write_segments(
    path: &mut Writer,
    template: &'static str,
    value: &dyn Display,
) -> Result<fmt::Result, InvalidRequest> {
    let mut text = String::new();
    if let Err(error) = write!(text, "{value}") {
        return Ok(Err(error));
    }
    for (position, segment) in text.split('/').enumerate() {
        if position > 0 {
            path.fixed("/");
        }
        let start = path.position();
        path.encode(segment);
        if let Some(rule) = broken_rule(path.since(start)) {
            // The whole value is shown: a segment by itself is hard to find in it, and a part of a secret isn't recognized as one.
            return Err(InvalidRequest::Segment { template, value: text, rule });
        }
    }
    Ok(Ok(()))
}

/// A path being written. With one value, which is the most common, it is allocated once, with its exact length: sharing the bytes
/// of a longer allocation would take another one.
struct Writer {
    written: Vec<u8>,
    /// Fixed text that is written along with the value after it, whose length decides how much is allocated.
    waiting: &'static str,
    /// How much is allocated for all but the first value.
    others: usize,
}

impl Writer {
    fn new(endpoint: &Endpoint, values: usize) -> Self {
        let others = endpoint.fixed_length() + 24 * values.saturating_sub(1);
        Self { written: Vec::new(), waiting: "", others }
    }

    /// The position of what is written next.
    fn position(&self) -> usize {
        self.written.len() + self.waiting.len()
    }

    /// What was written from this position on.
    fn since(&mut self, start: usize) -> &[u8] {
        if !self.waiting.is_empty() {
            self.make_room(0);
        }
        self.written.get(start..).unwrap_or_default()
    }

    /// Writes text without encoding it.
    fn fixed(&mut self, text: &'static str) {
        if text.is_empty() {
            return;
        }
        if !self.waiting.is_empty() {
            self.make_room(0);
        }
        self.waiting = text;
    }

    /// Writes the text that waits, and makes room for a value of this length.
    fn make_room(&mut self, value: usize) {
        if self.written.capacity() == 0 {
            self.written = Vec::with_capacity(self.others + value);
        } else {
            self.written.reserve(self.waiting.len() + value);
        }
        self.written.extend_from_slice(self.waiting.as_bytes());
        self.waiting = "";
    }

    fn encode(&mut self, text: &str) {
        let length = encoded_length(text);
        self.make_room(length);
        if length == text.len() {
            self.written.extend_from_slice(text.as_bytes());
        } else {
            self.written.extend(utf8_percent_encode(text, ENCODED).flat_map(str::as_bytes));
        }
    }
}

/// Percent-encodes what a `Display` writes, without an intermediate string.
impl fmt::Write for Writer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.encode(text);
        Ok(())
    }
}

/// Checks that a finished, encoded segment addresses only itself.
///
/// Encoding doesn't help against dots. URL parsers read `%2e%2e` as `..` too, and would send `/messages/../cancel` to
/// `/cancel`. A proxy that decodes a path before it resolves dots (nginx with a path in `proxy_pass`, Apache with
/// `AllowEncodedSlashes On`) does the same with `/messages/..%2Fx/cancel`. This check decodes once; a value that takes
/// a second decoding to become dots, such as `%252e`, is left as is.
///
/// Returns the rule that the segment breaks, with the fix.
#[inline]
fn broken_rule(segment: &[u8]) -> Option<&'static str> {
    if matches!(segment, b"" | b"." | b"..") {
        Some(
            "a segment must not be empty, `.` or `..`, because URL parsers resolve it to another path; pass the value that the \
             API gave you",
        )
    } else if segment.contains(&b'.') && has_dots_between_slashes(segment) {
        Some(
            "a proxy that decodes its slashes would resolve the `.` or `..` between them to another path; pass the value that the \
             API gave you",
        )
    } else {
        None
    }
}

/// Whether decoding the slashes of an encoded segment makes a part of it `.` or `..`.
fn has_dots_between_slashes(segment: &[u8]) -> bool {
    let segment = String::from_utf8_lossy(segment);
    segment.split("%2F").flat_map(|part| part.split("%5C")).any(|part| matches!(part, "." | ".."))
}

/// Refuses NaN and infinity, which identify no resource.
///
/// Only numbers align to the right in `Display`, which distinguishes the number NaN from the text "NaN", also inside a
/// reference, a `Box` and most wrappers.
fn check_number(
    template: &'static str,
    value: &dyn Display,
    path: &mut Writer,
    start: usize,
) -> Result<(), InvalidRequest> {
    // Most values are longer.
    if path.position() - start > "-inf".len() {
        return Ok(());
    }
    let written = path.since(start);
    if matches!(written, b"NaN" | b"inf" | b"-inf") && format!("{value:5}").starts_with(' ') {
        return Err(refused(
            template,
            written,
            "it is not a number, so it identifies nothing; check the value before the call",
        ));
    }
    Ok(())
}

#[cold]
fn refused(template: &'static str, segment: &[u8], rule: &'static str) -> InvalidRequest {
    let value = percent_decode(segment).decode_utf8_lossy().into_owned();
    InvalidRequest::Segment { template, value, rule }
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
        let path = fill(&Endpoint::new("name", Method::GET, "", path, &[], false), values)?;
        Ok(String::from_utf8(path).expect("encoded"))
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
    fn the_length_of_every_byte_is_known_before_it_is_encoded() {
        for byte in 0..=u8::MAX {
            let encoded: String = percent_encoding::percent_encode(&[byte], ENCODED).collect();
            assert_eq!(usize::from(ENCODED_LENGTH[usize::from(byte)]), encoded.len(), "{byte}");
        }
    }

    #[test]
    fn a_path_with_at_most_one_value_is_allocated_once_with_its_exact_length() {
        const ID: &[Placeholder] = &[placeholder("", "id")];
        let exact = |path: &'static [PathPart], values: &[&dyn Display], expected: &str| {
            let path = fill(&Endpoint::new("name", Method::GET, "", path, &[], false), values).expect("a path");
            assert_eq!((&*String::from_utf8_lossy(&path), path.capacity()), (expected, expected.len()));
        };
        exact(&[Fixed("/a")], &[], "/a");
        for (id, path) in [("1-65f0c0e1", "/a/1-65f0c0e1/b"), ("a b/c", "/a/a%20b%2Fc/b"), ("\u{fc}", "/a/%C3%BC/b")] {
            exact(&[Fixed("/a/"), Segment("<id>", ID, ""), Fixed("/b")], &[&id], path);
        }
        exact(&[Fixed("/a/"), Segment("<id>", ID, "")], &[&42], "/a/42");
    }

    #[test]
    fn a_value_may_be_written_in_pieces() {
        const PAIR: &[Placeholder] = &[placeholder("x", "a"), placeholder("-", "b")];
        let pair = |a: &dyn Display, b: &dyn Display| {
            filled(&[Fixed("/"), Segment("x<a>-<b>y", PAIR, "y"), Fixed("/z")], &[a, b])
        };
        assert_eq!(
            pair(&format_args!("{}/{}", 1, '\u{fc}'), &format_args!("{}{}{}", 1, "", "/")).as_deref(),
            Ok("/x1%2F%C3%BC-1%2Fy/z")
        );
        assert_eq!(pair(&"", &"").as_deref(), Ok("/x-y/z"));
        assert_eq!(pair(&format_args!("{:?}", [0; 100]), &"").map(|path| path.len()), Ok(706));
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
