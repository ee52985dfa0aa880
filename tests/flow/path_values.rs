//! Path values over a real HTTP parser: for every string, the server decodes the argument, byte for byte, from one segment
//! of the raw target, or the call is refused before any I/O with a reason.

use courier_core::{Error, InvalidRequest, NoRequest, Result, Transport, endpoint};
use proptest::prelude::*;

use super::echo::{Echo, decoded, for_every, piece};

trait Values: Transport {
    #[endpoint(GET, "/values/<value>/end", ok = 200)]
    async fn whole(&self, value: &str) -> Result<String>;
    #[endpoint(GET, "/files/v<version>-<build>.json/end", ok = 200)]
    async fn parts(&self, version: &str, build: &str) -> Result<String>;
    #[endpoint(GET, "/pairs/<first>.<second>", ok = 200)]
    async fn pair(&self, first: &str, second: &str) -> Result<String>;
}

impl<T: Transport> Values for T {}

/// The segments that the server saw. `None` if the call was refused, as it must be if the `finished` segment, before
/// encoding, is empty or has only dots between its slashes and backslashes.
fn segments(echo: &Echo, call: impl Future<Output = Result<String>>, finished: &str) -> Option<Vec<String>> {
    let before = echo.requests();
    let response = echo.block_on(call);
    let sent = echo.requests() - before;
    let refusable = leads_elsewhere(finished);
    match response {
        Ok(target) => {
            assert!(!refusable, "{finished:?} was sent as {target}");
            assert_eq!(sent, 1);
            Some(target.split('/').map(str::to_owned).collect())
        }
        Err(Error::Invalid { source: InvalidRequest::Segment { .. }, .. }) => {
            assert!(refusable, "{finished:?} was refused");
            assert_eq!(sent, 0);
            None
        }
        Err(other) => panic!("{finished:?}: {other}"),
    }
}

fn whole(echo: &Echo, value: &str) {
    if let Some(segments) = segments(echo, echo.client.whole(value), value) {
        assert_eq!(segments.len(), 4, "{value:?} became {segments:?}");
        assert_eq!([&segments[1], &segments[3]], ["values", "end"]);
        assert_eq!(decoded(&segments[2]), value.as_bytes(), "{segments:?}");
    }
}

fn parts(echo: &Echo, version: &str, build: &str) {
    let finished = format!("v{version}-{build}.json");
    if let Some(segments) = segments(echo, echo.client.parts(version, build), &finished) {
        assert_eq!(segments.len(), 4, "{finished:?} became {segments:?}");
        assert_eq!(decoded(&segments[2]), finished.as_bytes(), "{segments:?}");
    }
}

fn pair(echo: &Echo, first: &str, second: &str) {
    let finished = format!("{first}.{second}");
    if let Some(segments) = segments(echo, echo.client.pair(first, second), &finished) {
        assert_eq!(segments.len(), 3, "{finished:?} became {segments:?}");
        assert_eq!(decoded(&segments[2]), finished.as_bytes(), "{segments:?}");
    }
}

/// Whether a server, or a proxy that decodes slashes before it resolves dots, would go to another path.
fn leads_elsewhere(segment: &str) -> bool {
    segment.is_empty() || segment.split(['/', '\\']).any(|part| matches!(part, "." | ".."))
}

/// Strings with a meaning for a URL parser, an HTTP parser or a template, or that confuse a reader.
#[rustfmt::skip]
const PROBLEMS: &[&str] = &[
    "", ".", "..", "...", " ", "  ", "%", "%%", "%2", "%zz", "%2e", "%2E%2e", ".%2e", "%252e", "%2F", "%5c", "%00", "%0d%0a",
    "/", "//", "../", "a/../b", "./a", "a/.", "a\\..\\b", "..\\../", "a/..b", "a../b", "\\", "..\\", "..;", "..;/", ";a=b", "?a=b", "&", "=", "#", "a#b?c", "+", "a+b",
    "\t", "\n", "\r\n", "a\r\nhost: evil", "\0", "\u{7f}", "\u{80}", "\u{a0}", "\u{feff}", "\u{202e}", "\u{fffd}", "\u{ffff}",
    "\u{2024}\u{2024}", "\u{ff0e}\u{ff0e}", "\u{2215}", "é", "e\u{301}", "\u{1f600}", "\u{10ffff}", "<value>", "<>", "<", "{value}",
    ":value", "*", "~", "http://evil.example/", "//evil.example", "@evil.example", ":80", "|", "^", "`", "\"", "'", "[::1]",
];

/// Any string, with problem strings more often than by chance.
fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(PROBLEMS), 0..24).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_string_arrives_as_one_segment_or_is_refused() {
    let echo = Echo::start();
    for_every(768, &text(), |value| whole(&echo, &value));
}

#[test]
fn every_string_arrives_as_part_of_a_segment() {
    let echo = Echo::start();
    for_every(768, &(text(), text()), |(version, build)| parts(&echo, &version, &build));
}

#[test]
fn every_pair_of_strings_arrives_as_one_segment_unless_they_make_a_dot_segment() {
    let echo = Echo::start();
    for_every(768, &(text(), text()), |(first, second)| pair(&echo, &first, &second));
}

#[test]
fn known_problem_strings_arrive_unchanged_or_are_refused() {
    let echo = Echo::start();
    for value in PROBLEMS {
        whole(&echo, value);
        parts(&echo, value, value);
        pair(&echo, value, value);
        pair(&echo, value, "");
        pair(&echo, "", value);
    }
}

#[test]
fn a_value_with_a_dot_segment_between_slashes_is_refused() {
    let echo = Echo::start();
    for value in [
        "../x", "./x", "x/..", "x/.", "a/../b", "a/./b", "/..", "../", "../../x", "..\\x", "x\\..", "a\\..\\b",
        "a/..\\b", ".\\x", "//../x", "x/../",
    ] {
        let error = echo.block_on(echo.client.whole(value)).expect_err(value);
        let message = error.to_string();
        assert!(
            message.contains("proxy") && message.contains("decode") && message.contains("<value>"),
            "{value:?}: {message}"
        );
        assert!(!error.may_have_arrived());
    }
    // The finished segment counts, not the values in it.
    for (first, second) in [("x/", "/y"), ("/", "."), ("", "./x"), ("x\\", "\\y"), ("../x", "y")] {
        let error = echo.block_on(echo.client.pair(first, second)).expect_err(first);
        assert!(error.to_string().contains("proxy"), "{error}");
    }
    let error = echo.block_on(echo.client.parts("1/../..", "/../x")).expect_err("two of them");
    assert!(error.to_string().contains("<version>-<build>"), "{error}");
    assert_eq!(echo.requests(), 0);
}

#[test]
fn a_slash_without_a_dot_segment_is_encoded() {
    let echo = Echo::start();
    for value in [
        "a/b",
        "/",
        "//",
        "a\\b",
        "a/..b",
        "a../b",
        "a/.../b",
        ".../..x",
        "v1.2/x.y",
        "%2e%2e%2f",
        "%2E%2E/x",
        "..%2fx",
    ] {
        whole(&echo, value);
    }
    assert_eq!(echo.requests(), 12);
}

/// The maximum length of path and query, in bytes.
const LONGEST: usize = 16 * 1024;

#[test]
fn a_target_above_the_limit_is_refused_before_it_is_sent() {
    let echo = Echo::start();
    let around = "/values//end".len();
    for length in [1000, 8000, LONGEST - around] {
        whole(&echo, &"x".repeat(length));
        whole(&echo, &"ü".repeat(length / 6));
    }
    let sent = echo.requests();
    for length in [LONGEST - around + 1, 20_000, 65_000, 70_000, 1_000_000] {
        for value in ["x".repeat(length), "/".repeat(length.div_ceil(3))] {
            let error = echo.block_on(echo.client.whole(&value)).expect_err("too long");
            assert!(matches!(error, Error::Invalid { source: InvalidRequest::TooLong { .. }, .. }), "{error}");
            assert!(error.to_string().len() < 500, "the error doesn't repeat the value");
        }
    }
    assert_eq!(echo.requests(), sent);
}

#[test]
fn the_error_for_a_long_target_says_its_length_the_limit_and_the_fix() {
    let error = Echo::start().client.whole(&"x".repeat(20_000)).into_request().expect_err("too long").to_string();
    assert!(error.contains("20012") && error.contains("16384") && error.contains("body"), "{error}");
}

trait Finding: Transport {
    #[endpoint(GET, "/find?<ids:comma>&<text>", ok = 200)]
    async fn find(&self, ids: &[u64], text: &str, #[query] more: &[(&str, &str)]) -> Result<String>;
}

impl<T: Transport> Finding for T {}

#[test]
fn the_query_counts_towards_the_target_limit() {
    let client = Echo::start().client;
    let longest = "x".repeat(LONGEST - "/find?text=".len());
    client.find(&[], &longest, &[]).into_request().expect("the longest");
    for call in [
        client.find(&[], &(longest.clone() + "x"), &[]),
        client.find(&[0], &longest, &[]),
        client.find(&[], &longest, &[("", "")]),
        client.find(&[u64::MAX; 1000], "", &[]),
    ] {
        let invalid = call.into_request().expect_err("too long");
        assert!(matches!(invalid, NoRequest::Invalid(InvalidRequest::TooLong { .. })), "{invalid}");
    }
}
