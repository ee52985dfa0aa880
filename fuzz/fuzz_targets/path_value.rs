//! Whatever path values, segments and queries contain, the request goes where the template says, or it isn't built. A URL parser
//! that follows the browsers' standard reads what was built.
#![no_main]

use courier_core::{MemoryTransport, NoRequest, Request, Result, Transport, endpoint};
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
        Some(url) => {
            assert!(!leads_elsewhere(&one), "sent: {one:?}");
            assert_eq!(segments(&url), ["messages".to_owned(), one.clone(), "cancel".to_owned()]);
        }
        None => assert!(leads_elsewhere(&one), "refused: {one:?}"),
    }
    let part = format!("v{one}.{two}-x");
    match built(transport.parts(&one, &two).into_request()) {
        Some(url) => {
            assert!(!leads_elsewhere(&part), "sent: {part:?}");
            assert_eq!(segments(&url), ["files".to_owned(), part, "end".to_owned()]);
        }
        None => assert!(leads_elsewhere(&part), "refused: {part:?}"),
    }
    match built(transport.several(&one).into_request()) {
        Some(url) => {
            assert!(!one.split('/').any(leads_elsewhere), "sent: {one:?}");
            let expected: Vec<&str> = ["repos"].into_iter().chain(one.split('/')).chain(["end"]).collect();
            assert_eq!(segments(&url), expected);
        }
        None => assert!(one.split('/').any(leads_elsewhere), "refused: {one:?}"),
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

/// The request's URL as another parser reads it; `None` if the values were refused. Inputs are too short to be refused for their
/// length.
fn built(request: std::result::Result<Request, NoRequest>) -> Option<Url> {
    match request {
        Ok(request) => {
            let url = format!("https://api.example{}", request.uri());
            let read = Url::parse(&url).expect("a URL");
            // That parser resolves `..` and encodes what it doesn't accept, so an unchanged URL had neither.
            assert_eq!(read.as_str(), url);
            assert_eq!(read.host_str(), Some("api.example"));
            assert_eq!(read.fragment(), None);
            Some(read)
        }
        Err(invalid) => {
            assert!(matches!(invalid, NoRequest::Invalid(_)), "{invalid}");
            assert!(!invalid.to_string().chars().any(char::is_control), "{invalid}");
            None
        }
    }
}

fn segments(url: &Url) -> Vec<String> {
    let decoded = |segment| percent_decode_str(segment).decode_utf8().expect("UTF-8").into_owned();
    url.path_segments().expect("a path").map(decoded).collect()
}

/// Whether a segment is empty, or contains only dots between slashes and backslashes that a proxy may decode.
fn leads_elsewhere(segment: &str) -> bool {
    segment.is_empty() || segment.split(['/', '\\']).any(|part| matches!(part, "." | ".."))
}
