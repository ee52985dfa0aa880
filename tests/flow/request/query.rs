//! The query of a template: placeholders, fixed pairs and flags, each value in its style.

use std::collections::BTreeMap;

use courier_core::messages::{MessageStatus, Timestamp};
use courier_core::{Call, Error, InvalidRequest, MemoryTransport, Result, Transport, endpoint};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

trait Listing: Transport {
    #[endpoint(GET, "/items?<cursor>&messageId=<id>&limit=50", ok = 204)]
    async fn items(&self, cursor: Option<&str>, id: Option<u64>) -> Result<()>;
    #[endpoint(GET, "/items/<id>?<first>&<last>", ok = 204)]
    async fn two(&self, id: &str, first: Option<&str>, last: Option<bool>) -> Result<()>;
    #[endpoint(GET, "/items?archived&<cursor>&sort=-created,name", ok = 204)]
    async fn flagged(&self, cursor: Option<&str>) -> Result<()>;
    #[endpoint(GET, "/items?<value>", ok = 204)]
    async fn one<T: Serialize>(&self, value: T) -> Result<()>;
    #[endpoint(GET, "/items?tag[]=<tags>&<status>", ok = 204)]
    async fn lists(&self, status: &[MessageStatus], tags: Vec<Option<&str>>) -> Result<()>;
    #[endpoint(GET, "/items?<ids:comma>", ok = 204)]
    async fn comma<T: Serialize>(&self, ids: T) -> Result<()>;
    #[endpoint(GET, "/items?ids=<values:space>&limit=50", ok = 204)]
    async fn space<T: Serialize>(&self, values: T) -> Result<()>;
    #[endpoint(GET, "/items?limit=50&<ids:pipe>", ok = 204)]
    async fn pipe<T: Serialize>(&self, ids: T) -> Result<()>;
    #[endpoint(GET, "/items?<filter:json>", ok = 204)]
    async fn json<T: Serialize>(&self, filter: T) -> Result<()>;
}

impl Listing for MemoryTransport {}

/// The target of the request that the call would send.
fn target(call: &Call<'_, Result<()>>) -> String {
    call.request().expect("a valid request").uri().to_string()
}

/// The query of that target.
fn query(call: &Call<'_, Result<()>>) -> String {
    target(call).strip_prefix("/items").expect("the fixed path").to_owned()
}

/// Why the call is refused; nothing was sent.
async fn refused(transport: &MemoryTransport, call: Call<'_, Result<()>>) -> String {
    let error = call.await.expect_err("an invalid request");
    assert!(matches!(error, Error::Invalid { source: InvalidRequest::Query { .. }, .. }), "{error:?}");
    assert_eq!(transport.requests().len(), 0, "{error}");
    error.to_string()
}

#[test]
fn a_placeholder_can_be_renamed_and_a_fixed_pair_is_always_sent() {
    let listing = MemoryTransport::new();
    assert_eq!(query(&listing.items(Some("abc"), Some(7))), "?cursor=abc&messageId=7&limit=50");
    assert_eq!(query(&listing.items(None, Some(7))), "?messageId=7&limit=50");
    assert_eq!(query(&listing.items(Some(""), None)), "?cursor=&limit=50", "an empty string is a value");
    assert_eq!(query(&listing.items(None, None)), "?limit=50");
}

#[test]
fn without_pairs_there_is_no_question_mark_or_ampersand() {
    let listing = MemoryTransport::new();
    assert_eq!(target(&listing.two("a?b", Some("1"), Some(false))), "/items/a%3Fb?first=1&last=false");
    assert_eq!(target(&listing.two("1", Some("1"), None)), "/items/1?first=1");
    assert_eq!(target(&listing.two("1", None, Some(true))), "/items/1?last=true");
    assert_eq!(target(&listing.two("1", None, None)), "/items/1");
    assert_eq!(target(&listing.one(None::<&str>)), "/items");
    assert_eq!(target(&listing.one([""; 0])), "/items");
    assert_eq!(target(&listing.one(())), "/items");
}

#[test]
fn a_flag_has_no_value_and_a_fixed_pair_is_sent_as_written() {
    let listing = MemoryTransport::new();
    assert_eq!(query(&listing.flagged(Some("x"))), "?archived&cursor=x&sort=-created,name");
    assert_eq!(query(&listing.flagged(None)), "?archived&sort=-created,name");
}

#[test]
fn booleans_integers_and_floats_are_sent_as_text() {
    fn one<T: Serialize>(value: T) -> String {
        query(&MemoryTransport::new().one(value))
    }
    assert_eq!(one(true), "?value=true");
    assert_eq!(one(-1_i8), "?value=-1");
    assert_eq!(one(u64::MAX), "?value=18446744073709551615");
    assert_eq!(one(i128::MIN), "?value=-170141183460469231731687303715884105728");
    assert_eq!(one(0.1_f32), "?value=0.1", "not 0.10000000149011612");
    assert_eq!(one(-2.5_f64), "?value=-2.5");
    assert_eq!(one(3.0_f64), "?value=3");
    assert_eq!(one(1e-7_f64), "?value=0.0000001");
    assert_eq!(one('&'), "?value=%26");
    assert_eq!(one(Timestamp::from_millis(1_710_276_833_123)), "?value=1710276833123");
    assert_eq!(one(Some(Box::new(&Some("x")))), "?value=x", "regardless of the text around it");
}

#[test]
fn custom_types_are_sent_as_their_serialize_says() {
    #[derive(Serialize)]
    struct Id(u32);
    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum Order {
        NewestFirst,
        #[serde(rename = "A–Z")]
        ByName,
    }
    fn one<T: Serialize>(value: T) -> String {
        query(&MemoryTransport::new().one(value))
    }
    assert_eq!(one(Id(7)), "?value=7");
    assert_eq!(one([Order::NewestFirst, Order::ByName]), "?value=newest-first&value=A%E2%80%93Z");
    assert_eq!(one(MessageStatus::Undeliverable), "?value=UNDELIVERABLE");
    assert_eq!(one(MessageStatus::from("ON ITS WAY")), "?value=ON%20ITS%20WAY", "an unknown one too");
}

#[test]
fn a_list_repeats_its_key_in_order_and_an_empty_one_sends_nothing() {
    let listing = MemoryTransport::new();
    let call =
        listing.lists(&[MessageStatus::Sent, MessageStatus::Opened], vec![Some("b"), None, Some("a&c"), Some("")]);
    assert_eq!(query(&call), "?tag%5B%5D=b&tag%5B%5D=a%26c&tag%5B%5D=&status=SENT&status=OPENED");
    assert_eq!(query(&listing.lists(&[MessageStatus::Sent], vec![None])), "?status=SENT");
    assert_eq!(query(&listing.lists(&[], vec![])), "");
    assert_eq!(query(&listing.one(("a", 1, false))), "?value=a&value=1&value=false");
}

#[test]
fn a_list_is_joined_with_the_delimiter_of_its_style() {
    let listing = MemoryTransport::new();
    assert_eq!(query(&listing.comma([1, 2, 3])), "?ids=1,2,3");
    assert_eq!(query(&listing.comma(["a b", "c|d", "e&f=%2C"])), "?ids=a%20b,c%7Cd,e%26f%3D%252C");
    assert_eq!(query(&listing.comma(Some(&[MessageStatus::Sent]))), "?ids=SENT");
    assert_eq!(query(&listing.comma(["", "", "a"])), "?ids=,,a");
    assert_eq!(query(&listing.space(["a,b", "c"])), "?ids=a%2Cb%20c&limit=50");
    assert_eq!(query(&listing.pipe(["a,b", "c d"])), "?limit=50&ids=a%2Cb%7Cc%20d");
}

#[test]
fn an_empty_joined_list_sends_nothing() {
    let listing = MemoryTransport::new();
    assert_eq!(query(&listing.comma([0; 0])), "");
    assert_eq!(query(&listing.comma(None::<[u8; 2]>)), "");
    assert_eq!(query(&listing.comma([None::<u8>, None])), "");
    assert_eq!(query(&listing.space(Vec::<&str>::new())), "?limit=50");
    assert_eq!(query(&listing.pipe(None::<&[&str]>)), "?limit=50");
}

#[tokio::test]
async fn an_element_that_contains_the_delimiter_is_refused() {
    let listing = MemoryTransport::new();
    for (call, element) in [
        (listing.comma(["a", "b,c"]), "\"b,c\""),
        (listing.space(["b c", "a"]), "\"b c\""),
        (listing.pipe(&["|"][..]), "\"|\""),
    ] {
        let message = refused(&listing, call).await;
        assert!(message.contains("the query `ids`") && message.contains(element), "{message}");
    }
    let message = refused(&listing, listing.comma([BTreeMap::from([("a", 1)])])).await;
    assert!(message.contains("objects"), "{message}");
}

#[test]
fn any_value_can_be_json_under_its_key() {
    fn json_of<T: Serialize>(value: T) -> Option<Value> {
        let query = query(&MemoryTransport::new().json(value));
        let pairs: Vec<_> = form_urlencoded::parse(query.strip_prefix('?')?.as_bytes()).collect();
        assert_eq!((pairs.len(), &*pairs[0].0), (1, "filter"), "{query}");
        Some(serde_json::from_str(&pairs[0].1).expect("JSON"))
    }
    let filter = json!({ "a&b": [1, 2.5, null, { "ü": "\"+% #/\u{0}" }], "sent": true });
    assert_eq!(json_of(&filter), Some(filter));
    assert_eq!(json_of("text"), Some(json!("text")));
    assert_eq!(json_of([0; 0]), Some(json!([])), "an empty list has a meaning in JSON");
    assert_eq!(json_of(Some(false)), Some(json!(false)));
    assert_eq!(json_of(None::<Value>), None);
}

#[tokio::test]
async fn a_serialize_error_is_reported_with_its_key_and_message() {
    struct Failing;
    impl Serialize for Failing {
        fn serialize<S: Serializer>(&self, _: S) -> std::result::Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no value today"))
        }
    }
    let listing = MemoryTransport::new();
    for call in [listing.one(Failing), listing.one([Some(Failing)])] {
        let message = refused(&listing, call).await;
        assert!(message.contains("the query `value`") && message.contains("no value today"), "{message}");
    }
    for (call, key) in [(listing.comma([Failing]), "`ids`"), (listing.json(Some(Failing)), "`filter`")] {
        let message = refused(&listing, call).await;
        assert!(message.contains(key) && message.contains("no value today"), "{message}");
    }
}

trait Redirecting: Transport {
    #[endpoint(GET, "/oauth?redirect_uri=https://example.com/cb&<state>&tail=http://x", ok = 204)]
    async fn authorize(&self, state: &str) -> Result<()>;
}

impl<T: Transport> Redirecting for T {}

#[test]
fn a_url_in_a_fixed_pair_is_sent_as_written() {
    let transport = MemoryTransport::new();
    let request = transport.authorize("a/b").into_request().expect("a request");
    assert_eq!(request.uri(), "/oauth?redirect_uri=https://example.com/cb&state=a%2Fb&tail=http://x");
}
