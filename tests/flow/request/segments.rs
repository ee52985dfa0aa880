//! `<path..>` over a real HTTP parser: the path arrives segment by segment, byte for byte, or the call is refused before any
//! I/O because a segment would address something else.

use courier_core::{Error, InvalidRequest, Result, Transport, endpoint};
use proptest::prelude::*;

use crate::flow::echo::{Echo, decoded, for_every, piece};

trait Contents: Transport {
    #[endpoint(GET, "/repos/<repo>/contents/<path..>/raw?<at>", ok = 200)]
    async fn within(&self, repo: &str, path: &str, at: Option<&str>) -> Result<String>;
    #[endpoint(GET, "/contents/<path..>", ok = 200)]
    async fn at_the_end(&self, path: &str) -> Result<String>;
    #[endpoint(GET, "/<path..>", ok = 200)]
    async fn alone(&self, path: String) -> Result<String>;
}

impl<T: Transport> Contents for T {}

/// Asserts that the target is `before`, the path and `after`, or that the call was refused, as it must be if a segment
/// is empty or consists of dots.
fn check(echo: &Echo, call: impl Future<Output = Result<String>>, before: &str, path: &str, after: &str) {
    let sent_before = echo.requests();
    let response = echo.block_on(call);
    let sent = echo.requests() - sent_before;
    let refusable = path.split('/').any(|segment| segment.is_empty() || segment.split('\\').any(is_dots));
    match response {
        Ok(target) => {
            assert!(!refusable, "{path:?} was sent as {target}");
            assert_eq!(sent, 1);
            let came = target.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            let came = came.unwrap_or_else(|| panic!("{path:?} became {target}"));
            let segments: Vec<_> = came.split('/').map(decoded).collect();
            let expected: Vec<_> = path.split('/').map(|segment| segment.as_bytes().to_vec()).collect();
            assert_eq!(segments, expected, "{path:?} became {target}");
        }
        Err(Error::Invalid { source: InvalidRequest::Segment { template: "<path..>", .. }, .. }) => {
            assert!(refusable, "{path:?} was refused");
            assert_eq!(sent, 0);
        }
        Err(other) => panic!("{path:?}: {other}"),
    }
}

fn everywhere(echo: &Echo, path: &str) {
    let within = echo.client.within("a/b", path, Some("c/d"));
    check(echo, within, "/repos/a%2Fb/contents/", path, "/raw?at=c%2Fd");
    check(echo, echo.client.at_the_end(path), "/contents/", path, "");
    check(echo, echo.client.alone(path.to_owned()), "/", path, "");
}

/// A backslash separates segments for a server that decodes it and then resolves the path.
fn is_dots(part: &str) -> bool {
    matches!(part, "." | "..")
}

/// Strings with a meaning for a URL parser, a router or a template.
const PROBLEMS: &[&str] = &[
    ".",
    "..",
    "...",
    " ",
    "%",
    "%2e",
    "%2E%2e",
    ".%2e",
    "%252e",
    "%2F",
    "%5c",
    "%00",
    "\\",
    "..\\",
    "a\\..\\b",
    "a\\b",
    ".\\",
    "..;",
    ";a=b",
    "?a=b",
    "&",
    "#",
    "+",
    "\t",
    "\r\n",
    "\0",
    "\u{7f}",
    "\u{feff}",
    "\u{2024}\u{2024}",
    "\u{ff0e}",
    "\u{2215}",
    "é",
    "\u{1f600}",
    "<path..>",
    "<",
    "{path}",
    ":80",
    "@evil.example",
    "*",
    "~",
    "|",
    "^",
    "`",
    "\"",
    "a b.md",
    "raw",
    "contents",
    "c:",
];

/// Segments that are often problem strings, and sometimes empty.
fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        12 => prop::collection::vec(piece(PROBLEMS), 1..4).prop_map(|pieces| pieces.concat()),
        1 => Just(String::new()),
    ];
    prop::collection::vec(segment, 1..7).prop_map(|segments| segments.join("/"))
}

#[test]
fn every_path_arrives_segment_by_segment_or_is_refused() {
    let echo = Echo::start();
    for_every(512, &path(), |path| everywhere(&echo, &path));
}

#[test]
fn known_problem_strings_arrive_unchanged_in_every_position_of_the_path() {
    let echo = Echo::start();
    for problem in PROBLEMS {
        for path in [problem.to_string(), format!("{problem}/a"), format!("a/{problem}/b"), format!("a/{problem}")] {
            everywhere(&echo, &path);
        }
    }
}

#[test]
fn a_path_that_leads_elsewhere_is_refused_before_anything_is_sent() {
    let echo = Echo::start();
    for path in [
        "",
        "/",
        "//",
        "/etc/passwd",
        "a/",
        "a//b",
        "../a",
        "a/..",
        "a/../../b",
        "./a",
        "a/./b",
        "//evil.example/a",
        "..\\a",
        "a/b\\..\\c/d",
        "a\\.",
    ] {
        everywhere(&echo, path);
    }
    assert_eq!(echo.requests(), 0);
}

#[test]
fn the_segments_next_to_a_path_are_checked_separately() {
    let echo = Echo::start();
    for repo in ["", ".", "..", "../x", "x\\..", "x/.."] {
        let error = echo.block_on(echo.client.within(repo, "a/b", None)).expect_err(repo);
        let Error::Invalid { source: InvalidRequest::Segment { template, .. }, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(template, "<repo>");
    }
    assert_eq!(echo.requests(), 0);
}
