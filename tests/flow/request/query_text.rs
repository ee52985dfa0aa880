//! Query values over a real HTTP parser: the decoder that servers use for queries and forms returns every string, byte for
//! byte.

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Request;
use courier_core::{ReqwestTransport, Result, Transport, endpoint};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

trait Texts: Transport {
    #[endpoint(GET, "/texts?fixed&<text>&<list>&<joined:pipe>&<object:json>", ok = 200)]
    async fn texts(
        &self,
        text: Option<&str>,
        list: &[String],
        joined: &[String],
        object: &BTreeMap<String, String>,
        #[query] pairs: &BTreeMap<String, String>,
    ) -> Result<String>;
}

impl<T: Transport> Texts for T {}

/// One server and client for all cases.
struct Echo {
    runtime: Runtime,
    client: ReqwestTransport,
}

impl Echo {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        // Responds with the raw query.
        let echo = Router::new().fallback(async move |request: Request| json!(request.uri().query()).to_string());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("a bound listener");
        runtime.spawn(async move { axum::serve(listener, echo).await });
        let client = ReqwestTransport::builder(format!("http://{address}")).build().expect("a client");
        Self { runtime, client }
    }

    fn check(&self, text: Option<&str>, list: &[String], pairs: &BTreeMap<String, String>) {
        let joined: Vec<String> = list.iter().map(|text| text.replace('|', "")).collect();
        // Each needs its own key, which must not be empty.
        let pairs = pairs.iter().map(|(key, value)| (format!("k{key}"), value.clone())).collect();
        let query = self.runtime.block_on(self.client.texts(text, list, &joined, &pairs, &pairs)).expect("a response");

        let mut expected = vec![("fixed".to_owned(), String::new())];
        expected.extend(text.map(|text| ("text".to_owned(), text.to_owned())));
        expected.extend(list.iter().map(|text| ("list".to_owned(), text.clone())));
        expected.extend((!joined.is_empty()).then(|| ("joined".to_owned(), joined.join("|"))));
        expected.push(("object".to_owned(), json!(pairs).to_string()));
        expected.extend(pairs);
        let came: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(came, expected, "{query}");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%&=,".contains(&byte);
        assert!(query.bytes().all(is_plain), "every byte is unreserved or encoded: {query}");
    }
}

/// Strings with a meaning for a URL parser, an HTTP parser, a form decoder or a template.
#[rustfmt::skip]
const TROUBLE: &[&str] = &[
    "", " ", "+", "a+b", "%", "%2", "%zz", "%20", "%2B", "%26", "%C3", "&", "&&", "=", "a=b", "&a=b", ";", "?", "#", "a#b?c", "/",
    "\\", ",", "|", "[", "]", "a[b]", "\t", "\n", "\r\n", " HTTP/1.1\r\nhost: evil", "\0", "\u{7f}", "\u{80}", "\u{a0}", "\u{feff}",
    "\u{202e}", "\u{fffd}", "\u{ffff}", "é", "e\u{301}", "\u{1f600}", "\u{10ffff}", "<text>", "{text}", "$", "'", "\"", "`", "^", "null",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![select(TROUBLE).prop_map(str::to_owned), any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_string_survives_a_round_trip_through_a_decoder() {
    let echo = Echo::start();
    let cases = (
        prop::option::of(text()),
        prop::collection::vec(text(), 0..4),
        prop::collection::btree_map(text(), text(), 0..4),
    );
    // Failures are added to the list above instead of to a file.
    let config = Config { cases: 512, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&cases, |(text, list, pairs)| {
        echo.check(text.as_deref(), &list, &pairs);
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_ascii_character_and_known_problem_string_survives_a_round_trip() {
    let echo = Echo::start();
    let ascii: Vec<String> = (0..128_u8).map(|byte| char::from(byte).to_string()).collect();
    let trouble = TROUBLE.iter().map(|&text| text.to_owned());
    for text in ascii.into_iter().chain(trouble) {
        echo.check(Some(&text), &[text.clone(), text.clone()], &BTreeMap::from([(text.clone(), text.clone())]));
    }
}
