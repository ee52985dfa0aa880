//! Query values over a real HTTP parser: the decoder that servers use for queries and forms returns every string, byte for
//! byte.

use std::collections::BTreeMap;

use courier_core::{Result, Transport, endpoint};
use proptest::prelude::*;
use serde_json::json;

use crate::flow::echo::{Echo, for_every, piece};

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

/// Asserts that a decoder returns what was sent, in every kind of pair.
fn check(echo: &Echo, text: Option<&str>, list: &[String], pairs: &BTreeMap<String, String>) {
    let joined: Vec<String> = list.iter().map(|text| text.replace('|', "")).collect();
    // Each needs its own key, which must not be empty.
    let pairs = pairs.iter().map(|(key, value)| (format!("k{key}"), value.clone())).collect();
    let target = echo.block_on(echo.client.texts(text, list, &joined, &pairs, &pairs)).expect("a response");
    let query = target.strip_prefix("/texts?").expect("a query");

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

/// Strings with a meaning for a URL parser, an HTTP parser, a form decoder or a template.
#[rustfmt::skip]
const PROBLEMS: &[&str] = &[
    "", " ", "+", "a+b", "%", "%2", "%zz", "%20", "%2B", "%26", "%C3", "&", "&&", "=", "a=b", "&a=b", ";", "?", "#", "a#b?c", "/",
    "\\", ",", "|", "[", "]", "a[b]", "\t", "\n", "\r\n", " HTTP/1.1\r\nhost: evil", "\0", "\u{7f}", "\u{80}", "\u{a0}", "\u{feff}",
    "\u{202e}", "\u{fffd}", "\u{ffff}", "é", "e\u{301}", "\u{1f600}", "\u{10ffff}", "<text>", "{text}", "$", "'", "\"", "`", "^", "null",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(PROBLEMS), 0..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_string_survives_a_round_trip_through_a_decoder() {
    let echo = Echo::start();
    let cases = (
        prop::option::of(text()),
        prop::collection::vec(text(), 0..4),
        prop::collection::btree_map(text(), text(), 0..4),
    );
    for_every(512, &cases, |(text, list, pairs)| check(&echo, text.as_deref(), &list, &pairs));
}

#[test]
fn every_ascii_character_and_known_problem_string_survives_a_round_trip() {
    let echo = Echo::start();
    let ascii: Vec<String> = (0..128_u8).map(|byte| char::from(byte).to_string()).collect();
    let problems = PROBLEMS.iter().map(|&text| text.to_owned());
    for text in ascii.into_iter().chain(problems) {
        check(&echo, Some(&text), &[text.clone(), text.clone()], &BTreeMap::from([(text.clone(), text.clone())]));
    }
}
