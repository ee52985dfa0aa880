//! Path values over a real HTTP parser: for every string, the server decodes the argument, byte for byte, from one
//! segment of the raw target; or the call was refused before any I/O, and then with a reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use courier_core::{Error, InvalidRequest, NoRequest, ReqwestTransport, Result, Transport, endpoint};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

trait Values: Transport {
    #[endpoint(GET, "/values/<value>/end", ok = 200)]
    async fn whole(&self, value: &str) -> Result<String>;
    #[endpoint(GET, "/files/v<version>-<build>.json/end", ok = 200)]
    async fn parts(&self, version: &str, build: &str) -> Result<String>;
    #[endpoint(GET, "/pairs/<first>.<second>", ok = 200)]
    async fn pair(&self, first: &str, second: &str) -> Result<String>;
}

impl<T: Transport> Values for T {}

/// One server and one client for all cases.
struct Echo {
    runtime: Runtime,
    client: ReqwestTransport,
    requests: Arc<AtomicUsize>,
}

impl Echo {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        // Answers with the path as it came.
        let echo = Router::new().fallback(async move |request: Request| {
            counter.fetch_add(1, Ordering::Relaxed);
            serde_json::to_string(request.uri().path()).expect("a string")
        });
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        runtime.spawn(async move { axum::serve(listener, echo).await });
        let client = ReqwestTransport::builder(format!("http://{address}")).build().expect("a client");
        Self { runtime, client, requests }
    }

    /// The segments of the path that the server saw; `None` if the call was refused, as it must be when the `finished`
    /// segment, not yet encoded, is empty, or has dots alone between its slashes and backslashes.
    fn segments(&self, call: impl Future<Output = Result<String>>, finished: &str) -> Option<Vec<String>> {
        let before = self.requests.load(Ordering::Relaxed);
        let answer = self.runtime.block_on(call);
        let sent = self.requests.load(Ordering::Relaxed) - before;
        let refusable = leads_elsewhere(finished);
        match answer {
            Ok(path) => {
                assert!(!refusable, "{finished:?} was sent, as {path}");
                assert_eq!(sent, 1);
                Some(path.split('/').map(str::to_owned).collect())
            }
            Err(Error::Invalid { source: InvalidRequest::Segment { .. }, .. }) => {
                assert!(refusable, "{finished:?} was refused");
                assert_eq!(sent, 0);
                None
            }
            Err(other) => panic!("{finished:?}: {other}"),
        }
    }

    fn whole(&self, value: &str) {
        if let Some(segments) = self.segments(self.client.whole(value), value) {
            assert_eq!(segments.len(), 4, "{value:?} became {segments:?}");
            assert_eq!([&segments[1], &segments[3]], ["values", "end"]);
            assert_eq!(decoded(&segments[2]), value.as_bytes(), "{segments:?}");
        }
    }

    fn parts(&self, version: &str, build: &str) {
        let finished = format!("v{version}-{build}.json");
        if let Some(segments) = self.segments(self.client.parts(version, build), &finished) {
            assert_eq!(segments.len(), 4, "{finished:?} became {segments:?}");
            assert_eq!(decoded(&segments[2]), finished.as_bytes(), "{segments:?}");
        }
    }

    fn pair(&self, first: &str, second: &str) {
        let finished = format!("{first}.{second}");
        if let Some(segments) = self.segments(self.client.pair(first, second), &finished) {
            assert_eq!(segments.len(), 3, "{finished:?} became {segments:?}");
            assert_eq!(decoded(&segments[2]), finished.as_bytes(), "{segments:?}");
        }
    }
}

/// Whether a server, or a proxy that decodes slashes before it resolves dots, would go to another path.
fn leads_elsewhere(segment: &str) -> bool {
    segment.is_empty() || segment.split(['/', '\\']).any(|part| matches!(part, "." | ".."))
}

/// RFC 3986, 2.1, and nothing else: `+` is a plus.
fn decoded(segment: &str) -> Vec<u8> {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16)).expect("two digits");
            u8::try_from(digit() * 16 + digit()).expect("two digits")
        } else {
            byte
        });
    }
    decoded
}

/// What means something to a URL parser, an HTTP parser, a template or a reader's eye.
#[rustfmt::skip]
const TROUBLE: &[&str] = &[
    "", ".", "..", "...", " ", "  ", "%", "%%", "%2", "%zz", "%2e", "%2E%2e", ".%2e", "%252e", "%2F", "%5c", "%00", "%0d%0a",
    "/", "//", "../", "a/../b", "./a", "a/.", "a\\..\\b", "..\\../", "a/..b", "a../b", "\\", "..\\", "..;", "..;/", ";a=b", "?a=b", "&", "=", "#", "a#b?c", "+", "a+b",
    "\t", "\n", "\r\n", "a\r\nhost: evil", "\0", "\u{7f}", "\u{80}", "\u{a0}", "\u{feff}", "\u{202e}", "\u{fffd}", "\u{ffff}",
    "\u{2024}\u{2024}", "\u{ff0e}\u{ff0e}", "\u{2215}", "é", "e\u{301}", "\u{1f600}", "\u{10ffff}", "<value>", "<>", "<", "{value}",
    ":value", "*", "~", "http://evil.example/", "//evil.example", "@evil.example", ":80", "|", "^", "`", "\"", "'", "[::1]",
];

/// Any string, with trouble in it more often than chance has it.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![select(TROUBLE).prop_map(str::to_owned), any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A failure becomes a piece of trouble above: no file is written for it.
fn for_every<S: Strategy>(strategy: &S, check: impl Fn(S::Value)) {
    let config = Config { cases: 768, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(strategy, |value| {
        check(value);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_string_arrives_as_one_segment_or_is_refused() {
    let echo = Echo::start();
    for_every(&text(), |value| echo.whole(&value));
}

#[test]
fn every_string_arrives_as_its_part_of_a_segment() {
    let echo = Echo::start();
    for_every(&(text(), text()), |(version, build)| echo.parts(&version, &build));
}

#[test]
fn every_pair_of_strings_arrives_as_one_segment_unless_they_make_a_dot_segment() {
    let echo = Echo::start();
    for_every(&(text(), text()), |(first, second)| echo.pair(&first, &second));
}

#[test]
fn strings_that_are_known_to_be_trouble_arrive_as_they_are_or_are_refused() {
    let echo = Echo::start();
    for value in TROUBLE {
        echo.whole(value);
        echo.parts(value, value);
        echo.pair(value, value);
        echo.pair(value, "");
        echo.pair("", value);
    }
}

#[test]
fn a_value_with_a_dot_segment_between_its_slashes_is_refused_since_a_proxy_may_decode_them() {
    let echo = Echo::start();
    for value in [
        "../x", "./x", "x/..", "x/.", "a/../b", "a/./b", "/..", "../", "../../x", "..\\x", "x\\..", "a\\..\\b",
        "a/..\\b", ".\\x", "//../x", "x/../",
    ] {
        let error = echo.runtime.block_on(echo.client.whole(value)).expect_err(value);
        let told = error.to_string();
        assert!(told.contains("proxy") && told.contains("decode") && told.contains("<value>"), "{value:?}: {told}");
        assert!(!error.may_have_arrived());
    }
    // What a server makes of it counts, not the values that it was put together from.
    for (first, second) in [("x/", "/y"), ("/", "."), ("", "./x"), ("x\\", "\\y"), ("../x", "y")] {
        let error = echo.runtime.block_on(echo.client.pair(first, second)).expect_err(first);
        assert!(error.to_string().contains("proxy"), "{error}");
    }
    let error = echo.runtime.block_on(echo.client.parts("1/../..", "/../x")).expect_err("two of them");
    assert!(error.to_string().contains("<version>-<build>"), "{error}");
    assert_eq!(echo.requests.load(Ordering::Relaxed), 0);
}

#[test]
fn a_value_with_a_slash_and_no_dot_segment_arrives_encoded() {
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
        echo.whole(value);
    }
    assert_eq!(echo.requests.load(Ordering::Relaxed), 12);
}

/// The longest path and query that a request may have, in bytes.
const LONGEST: usize = 16 * 1024;

#[test]
fn a_target_that_no_server_takes_is_refused_before_it_is_sent() {
    let echo = Echo::start();
    let around = "/values//end".len();
    for length in [1000, 8000, LONGEST - around] {
        echo.whole(&"x".repeat(length));
        echo.whole(&"ü".repeat(length / 6));
    }
    let sent = echo.requests.load(Ordering::Relaxed);
    for length in [LONGEST - around + 1, 20_000, 65_000, 70_000, 1_000_000] {
        for value in ["x".repeat(length), "/".repeat(length.div_ceil(3))] {
            let error = echo.runtime.block_on(echo.client.whole(&value)).expect_err("too long");
            assert!(matches!(error, Error::Invalid { source: InvalidRequest::TooLong { .. }, .. }), "{error}");
            assert!(error.to_string().len() < 500, "the value isn't repeated in it");
        }
    }
    assert_eq!(echo.requests.load(Ordering::Relaxed), sent);
}

#[test]
fn the_error_of_a_long_target_says_its_length_the_limit_and_what_to_do() {
    let error = Echo::start().client.whole(&"x".repeat(20_000)).into_request().expect_err("too long").to_string();
    assert!(error.contains("20012") && error.contains("16384") && error.contains("body"), "{error}");
}

trait Finding: Transport {
    #[endpoint(GET, "/find?<ids:comma>&<text>", ok = 200)]
    async fn find(&self, ids: &[u64], text: &str, #[query] more: &[(&str, &str)]) -> Result<String>;
}

impl<T: Transport> Finding for T {}

#[test]
fn the_query_counts_as_a_part_of_the_target() {
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
