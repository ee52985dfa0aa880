//! Whatever a path or query value contains, the request goes exactly where the template says, or isn't built. An
//! independent parser, which follows the browsers' URL standard, reads each URL back.
#![no_main]

use courier_core::{InvalidRequest, MemoryTransport, Request, Result, Transport, endpoint};
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use url::Url;

trait Paths: Transport {
    #[endpoint(POST, "/messages/<id>/cancel", ok = 200)]
    async fn whole(&self, id: &str) -> Result<()>;

    #[endpoint(GET, "/files/v<major>.<minor>-x/end", ok = 200)]
    async fn parts(&self, major: &str, minor: &str) -> Result<()>;

    #[endpoint(GET, "/repos/<path..>/end", ok = 200)]
    async fn several(&self, path: &str) -> Result<()>;

    #[endpoint(GET, "/list?<cursor>&fixed=1&ids=<ids:comma>", ok = 200)]
    async fn query(&self, cursor: Option<&str>, ids: &[String]) -> Result<()>;
}

impl Paths for MemoryTransport {}

fuzz_target!(|input: (String, String, Vec<String>)| {
    let (one, two, list) = input;
    let transport = MemoryTransport::new();

    match built(transport.whole(&one).into_request()) {
        Some(url) => assert_eq!(segments(&url), ["messages".to_owned(), one.clone(), "cancel".to_owned()]),
        None => assert!(is_empty_or_dots(&one), "refused: {one:?}"),
    }
    let part = format!("v{one}.{two}-x");
    match built(transport.parts(&one, &two).into_request()) {
        Some(url) => assert_eq!(segments(&url), ["files".to_owned(), part, "end".to_owned()]),
        None => panic!("refused, although it is neither empty nor only dots: {part:?}"),
    }
    match built(transport.several(&one).into_request()) {
        Some(url) => {
            let expected: Vec<&str> = ["repos"].into_iter().chain(one.split('/')).chain(["end"]).collect();
            assert_eq!(segments(&url), expected);
        }
        None => assert!(one.split('/').any(is_empty_or_dots), "refused: {one:?}"),
    }
    let cursor = Some(two.as_str());
    match built(transport.query(cursor, &list).into_request()) {
        Some(url) => {
            assert_eq!(segments(&url), ["list"]);
            let mut expected = vec![("cursor".to_owned(), two.clone()), ("fixed".to_owned(), "1".to_owned())];
            if !list.is_empty() {
                expected.push(("ids".to_owned(), list.join(",")));
            }
            let read: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            assert_eq!(read, expected);
        }
        None => assert!(list.iter().any(|id| id.contains(',')), "refused: {list:?}"),
    }
});

/// The request's URL as the other parser reads it, or `None` if a value was refused. No input is long enough to be refused.
fn built(request: std::result::Result<Request, InvalidRequest>) -> Option<Url> {
    match request {
        Ok(request) => {
            let url = format!("https://api.example{}", request.uri());
            let read = Url::parse(&url).expect("a URL");
            // The other parser would resolve `..` and encode invalid characters. There must be nothing left to change.
            assert_eq!(read.as_str(), url);
            assert_eq!(read.host_str(), Some("api.example"));
            assert_eq!(read.fragment(), None);
            Some(read)
        }
        Err(invalid) => {
            assert!(!invalid.to_string().chars().any(char::is_control), "{invalid}");
            None
        }
    }
}

fn segments(url: &Url) -> Vec<String> {
    let decoded = |segment| percent_decode_str(segment).decode_utf8().expect("UTF-8").into_owned();
    url.path_segments().expect("a path").map(decoded).collect()
}

fn is_empty_or_dots(value: &str) -> bool {
    matches!(value, "" | "." | "..")
}
