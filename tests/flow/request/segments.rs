//! `<path..>` over a real HTTP parser: the path arrives segment by segment, byte for byte, or the call is refused before any
//! I/O because a segment would address something else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::Request;
use courier_core::{Error, InvalidRequest, ReqwestTransport, Result, Transport, endpoint};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

trait Contents: Transport {
    #[endpoint(GET, "/repos/<repo>/contents/<path..>/raw?<at>", ok = 200)]
    async fn within(&self, repo: &str, path: &str, at: Option<&str>) -> Result<String>;
    #[endpoint(GET, "/contents/<path..>", ok = 200)]
    async fn at_the_end(&self, path: &str) -> Result<String>;
    #[endpoint(GET, "/<path..>", ok = 200)]
    async fn alone(&self, path: String) -> Result<String>;
}

impl<T: Transport> Contents for T {}

/// One server and client for all cases.
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
        // Responds with the raw target.
        let echo = Router::new().fallback(async move |request: Request| {
            counter.fetch_add(1, Ordering::Relaxed);
            serde_json::to_string(&request.uri().to_string()).expect("a string")
        });
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        runtime.spawn(async move { axum::serve(listener, echo).await });
        let client = ReqwestTransport::builder(format!("http://{address}")).build().expect("a client");
        Self { runtime, client, requests }
    }

    /// Asserts that the target is `before`, the path and `after`, or that the call was refused, as it must be if a segment
    /// is empty or consists of dots.
    fn check(&self, call: impl Future<Output = Result<String>>, before: &str, path: &str, after: &str) {
        let sent_before = self.requests.load(Ordering::Relaxed);
        let response = self.runtime.block_on(call);
        let sent = self.requests.load(Ordering::Relaxed) - sent_before;
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

    fn everywhere(&self, path: &str) {
        let within = self.client.within("a/b", path, Some("c/d"));
        self.check(within, "/repos/a%2Fb/contents/", path, "/raw?at=c%2Fd");
        self.check(self.client.at_the_end(path), "/contents/", path, "");
        self.check(self.client.alone(path.to_owned()), "/", path, "");
    }
}

/// A backslash separates segments for a server that decodes it and then resolves the path.
fn is_dots(part: &str) -> bool {
    matches!(part, "." | "..")
}

/// RFC 3986, section 2.1, and nothing else: `+` is a plus. Whatever is not encoded is unreserved.
fn decoded(segment: &str) -> Vec<u8> {
    let mut bytes = segment.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let mut digit = || bytes.next().and_then(|digit| char::from(digit).to_digit(16)).expect("two digits");
            u8::try_from(digit() * 16 + digit()).expect("two digits")
        } else {
            assert!(byte.is_ascii_alphanumeric() || b"-._~".contains(&byte), "{segment}");
            byte
        });
    }
    decoded
}

/// Strings with a meaning for a URL parser, a router or a template.
const TROUBLE: &[&str] = &[
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
    let piece = prop_oneof![select(TROUBLE).prop_map(str::to_owned), any::<char>().prop_map(String::from)];
    let segment = prop_oneof![
        12 => prop::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat()),
        1 => Just(String::new()),
    ];
    prop::collection::vec(segment, 1..7).prop_map(|segments| segments.join("/"))
}

#[test]
fn every_path_arrives_segment_by_segment_or_is_refused() {
    let echo = Echo::start();
    // Failures are added to the list above instead of to a file.
    let config = Config { cases: 512, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&path(), |path| {
        echo.everywhere(&path);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn known_problem_strings_arrive_unchanged_in_every_position_of_the_path() {
    let echo = Echo::start();
    for trouble in TROUBLE {
        for path in [trouble.to_string(), format!("{trouble}/a"), format!("a/{trouble}/b"), format!("a/{trouble}")] {
            echo.everywhere(&path);
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
        echo.everywhere(path);
    }
    assert_eq!(echo.requests.load(Ordering::Relaxed), 0);
}

#[test]
fn the_segments_next_to_a_path_are_checked_separately() {
    let echo = Echo::start();
    for repo in ["", ".", "..", "../x", "x\\..", "x/.."] {
        let error = echo.runtime.block_on(echo.client.within(repo, "a/b", None)).expect_err(repo);
        let Error::Invalid { source: InvalidRequest::Segment { template, .. }, .. } = error else {
            panic!("{error:?}")
        };
        assert_eq!(template, "<repo>");
    }
    assert_eq!(echo.requests.load(Ordering::Relaxed), 0);
}
