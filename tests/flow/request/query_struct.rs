//! `#[query]`: the pairs of structs and maps, with brackets for nested ones.

use std::collections::BTreeMap;

use courier_core::messages::{MessageFilter, MessageStatus};
use courier_core::{Call, Error, InvalidRequest, MemoryTransport, Result, Transport, endpoint};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize, Default)]
struct Page {
    limit: Option<u8>,
    #[serde(rename = "startAt", skip_serializing_if = "Option::is_none")]
    start_at: Option<u32>,
}

#[derive(Serialize, Default)]
struct Search<'s> {
    text: &'s str,
    tag: Vec<&'s str>,
    archived: Option<bool>,
    sent: Option<Between>,
}

#[derive(Serialize)]
struct Between {
    after: Option<u64>,
    before: Option<u64>,
}

trait Searching: Transport {
    #[endpoint(GET, "/found", ok = 204)]
    async fn search(&self, #[query] search: &Search<'_>) -> Result<()>;
    #[endpoint(GET, "/found", ok = 204)]
    async fn any<T: Serialize>(&self, #[query] pairs: T) -> Result<()>;
    #[endpoint(GET, "/found/<id>?<cursor>&v=2", ok = 204)]
    async fn several(
        &self,
        #[query] page: Option<&Page>,
        cursor: Option<&str>,
        #[query] filter: &MessageFilter,
        id: u8,
        #[query] more: &BTreeMap<&str, Value>,
    ) -> Result<()>;
}

impl Searching for MemoryTransport {}

fn target(call: &Call<'_, Result<()>>) -> String {
    call.request().expect("a valid request").uri().to_string()
}

#[test]
fn a_structs_fields_are_sent_in_order_and_none_is_omitted() {
    let transport = MemoryTransport::new();
    let search = Search { text: "a&b=c", tag: vec!["x y", "ü"], archived: Some(true), sent: None };
    assert_eq!(target(&transport.search(&search)), "/found?text=a%26b%3Dc&tag=x%20y&tag=%C3%BC&archived=true");
    assert_eq!(target(&transport.search(&Search::default())), "/found?text=", "an empty string is a value");
    assert_eq!(target(&transport.any(Page::default())), "/found");
    assert_eq!(target(&transport.any(Page { limit: None, start_at: Some(7) })), "/found?startAt=7");
}

#[test]
fn a_map_becomes_pairs_and_none_or_an_empty_one_sends_nothing() {
    let transport = MemoryTransport::new();
    assert_eq!(target(&transport.any(BTreeMap::from([("b", 2), ("a&", 1)]))), "/found?a%26=1&b=2");
    assert_eq!(target(&transport.any(BTreeMap::from([(7, "seven")]))), "/found?7=seven");
    assert_eq!(target(&transport.any(json!({ "a": "x", "b": [1, 2], "c": null }))), "/found?a=x&b=1&b=2");
    assert_eq!(target(&transport.any(BTreeMap::<String, u8>::new())), "/found");
    assert_eq!(target(&transport.any(None::<Page>)), "/found");
    assert_eq!(target(&transport.any(Some(Page { limit: Some(1), start_at: None }))), "/found?limit=1");
}

#[test]
fn nested_objects_are_written_in_brackets() {
    let transport = MemoryTransport::new();
    let sent = Some(Between { after: Some(1), before: None });
    assert_eq!(target(&transport.search(&Search { sent, ..Search::default() })), "/found?text=&sent%5Bafter%5D=1");

    let filter = json!({ "filter": { "status": ["SENT", "OPENED"], "by": { "name": { "is": "a]b" } }, "none": {} } });
    let call = transport.any(&filter);
    let target = target(&call);
    let pairs: Vec<_> = form_urlencoded::parse(target.split_once('?').expect("pairs").1.as_bytes()).collect();
    let expected = [("filter[by][name][is]", "a]b"), ("filter[status]", "SENT"), ("filter[status]", "OPENED")];
    assert_eq!(pairs, expected.map(|(key, value)| (key.into(), value.into())));
}

#[test]
fn a_variant_of_an_enum_is_an_object_of_one_field_as_in_json() {
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Only {
        Tagged(&'static str),
        #[serde(untagged)]
        Of(Page),
    }
    let transport = MemoryTransport::new();
    assert_eq!(target(&transport.any(Only::Tagged("a"))), "/found?tagged=a");
    assert_eq!(target(&transport.any(Only::Of(Page { limit: Some(3), start_at: None }))), "/found?limit=3");
}

#[test]
fn the_templates_pairs_come_first_then_the_arguments_in_signature_order() {
    let transport = MemoryTransport::new();
    let page = Page { limit: Some(10), start_at: None };
    let filter = MessageFilter::new().recipient("ada").status(MessageStatus::Sent).status(MessageStatus::Opened);
    let more = BTreeMap::from([("z", json!("1")), ("a", json!({ "b": 2 }))]);
    assert_eq!(
        target(&transport.several(Some(&page), Some("c"), &filter, 7, &more)),
        "/found/7?cursor=c&v=2&limit=10&recipient=ada&status=SENT&status=OPENED&a%5Bb%5D=2&z=1"
    );
    assert_eq!(target(&transport.several(None, None, &MessageFilter::new(), 7, &BTreeMap::new())), "/found/7?v=2");
}

#[tokio::test]
async fn a_value_without_keys_is_refused_before_anything_is_sent() {
    #[derive(Serialize)]
    enum Many {
        Pair(u8, u8),
    }
    let transport = MemoryTransport::new();
    for call in [
        transport.any("alone"),
        transport.any(7),
        transport.any(["a", "b"]),
        transport.any(json!([["a", "b"]])),
        transport.any(BTreeMap::from([("a", Many::Pair(1, 2))])),
        transport.any(BTreeMap::from([((1, 2), "a")])),
    ] {
        let error = call.await.expect_err("not pairs");
        let Error::Invalid { source: InvalidRequest::Query { what, .. }, .. } = &error else { panic!("{error:?}") };
        assert_eq!(what, "the `#[query]` argument");
        assert!(!error.may_have_arrived());
    }
    assert_eq!(transport.requests().len(), 0);
}
