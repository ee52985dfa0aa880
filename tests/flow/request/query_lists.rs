//! Lists in queries and forms: a list of scalars repeats its key, a list of objects has an index per element, and a list of
//! pairs is sent as those pairs.

use std::collections::BTreeMap;

use courier_core::{Call, InvalidRequest, MemoryTransport, NoRequest, Result, Transport, endpoint};
use serde::Serialize;
use serde_json::{Value, json};

trait Checkout: Transport {
    #[endpoint(GET, "/sessions", ok = 204)]
    async fn find<T: Serialize>(&self, #[query] pairs: T) -> Result<()>;
    #[endpoint(GET, "/sessions?<items>", ok = 204)]
    async fn of<T: Serialize>(&self, items: T) -> Result<()>;
    #[endpoint(POST, "/sessions", ok = 204)]
    async fn open<T: Serialize>(&self, #[form] form: T) -> Result<()>;
    #[endpoint(GET, "/sessions", ok = 204)]
    async fn paired(&self, #[query] pairs: &[(&str, &str)]) -> Result<()>;
}

impl<T: Transport> Checkout for T {}

#[derive(Clone, Default, Serialize)]
struct Item {
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<&'static str>,
    quantity: Option<u32>,
    tags: Vec<&'static str>,
    parts: Vec<Item>,
}

fn item(price: &'static str, quantity: u32) -> Item {
    Item { price: Some(price), quantity: Some(quantity), ..Item::default() }
}

/// The pairs of a query or a form's body, as a server decodes them.
fn decoded(call: &Call<'_, Result<()>>) -> Vec<String> {
    let request = call.request().unwrap_or_else(|| panic!("{call:?} can't be built"));
    let query = request.uri().query().unwrap_or("").as_bytes();
    let text = if query.is_empty() { request.body().as_bytes().expect("a whole body") } else { query };
    form_urlencoded::parse(text).map(|(key, value)| format!("{key}={value}")).collect()
}

fn problem(call: Call<'_, Result<()>>) -> String {
    match call.into_request().expect_err("it has no faithful form") {
        NoRequest::Invalid(InvalidRequest::Query { problem, .. } | InvalidRequest::Body { problem, .. }) => problem,
        other => panic!("{other:?}"),
    }
}

/// The same value in every place that can send it, all of which must write it alike.
fn everywhere<T: Serialize>(items: &T) -> Vec<String> {
    #[derive(Serialize)]
    struct Named<'t, T> {
        items: &'t T,
    }
    let transport = MemoryTransport::new();
    let pairs = decoded(&transport.of(items));
    assert_eq!(pairs, decoded(&transport.find(Named { items })));
    assert_eq!(pairs, decoded(&transport.open(Named { items })));
    assert_eq!(pairs, decoded(&transport.find([("items", items)])));
    assert_eq!(pairs, decoded(&transport.open(vec![("items", items)])));
    pairs
}

/// Refused in every place for the same reason.
fn refused_everywhere<T: Serialize>(items: &T) -> String {
    let transport = MemoryTransport::new();
    let message = problem(transport.of(items));
    assert_eq!(message, problem(transport.find([("items", items)])));
    assert_eq!(message, problem(transport.open(BTreeMap::from([("items", items)]))));
    message
}

#[test]
fn a_list_of_objects_has_an_index_per_element() {
    assert_eq!(
        everywhere(&[item("p1", 1), item("p2", 3)]),
        ["items[0][price]=p1", "items[0][quantity]=1", "items[1][price]=p2", "items[1][quantity]=3"]
    );
    let only = Item { tags: vec!["a"], ..Item::default() };
    assert_eq!(everywhere(&vec![only]), ["items[0][tags]=a"], "also with one element");
    let maps = [BTreeMap::from([("a", 1), ("b", 2)]), BTreeMap::from([("c", 3)])];
    assert_eq!(everywhere(&maps), ["items[0][a]=1", "items[0][b]=2", "items[1][c]=3"]);
    assert_eq!(
        everywhere(&(item("p1", 1), maps[1].clone())),
        ["items[0][price]=p1", "items[0][quantity]=1", "items[1][c]=3"]
    );
    let twelve: Vec<_> = (0..12).map(|quantity| item("p", quantity)).collect();
    assert_eq!(everywhere(&twelve)[22..], ["items[11][price]=p", "items[11][quantity]=11"]);
}

#[test]
fn an_index_is_written_at_any_depth() {
    let leaf = Item { tags: vec!["x", "y"], ..item("leaf", 9) };
    let middle = Item { parts: vec![leaf.clone(), item("other", 8)], ..Item::default() };
    let top = Item { parts: vec![middle], ..item("top", 1) };
    assert_eq!(
        everywhere(&[top]),
        [
            "items[0][price]=top",
            "items[0][quantity]=1",
            "items[0][parts][0][parts][0][price]=leaf",
            "items[0][parts][0][parts][0][quantity]=9",
            "items[0][parts][0][parts][0][tags]=x",
            "items[0][parts][0][parts][0][tags]=y",
            "items[0][parts][0][parts][1][price]=other",
            "items[0][parts][0][parts][1][quantity]=8",
        ]
    );
    let value = json!({ "a": { "b": [{ "c": [1, 2] }, { "c": [{ "d": true }] }] } });
    assert_eq!(everywhere(&value), ["items[a][b][0][c]=1", "items[a][b][0][c]=2", "items[a][b][1][c][0][d]=true"]);
}

#[test]
fn a_checkout_session_is_written_as_its_api_reads_it() {
    #[derive(Serialize)]
    struct Session {
        mode: &'static str,
        line_items: Vec<Item>,
    }
    let session = Session { mode: "payment", line_items: vec![item("p1", 1), item("p2", 2)] };
    let call = MemoryTransport::new().open(&session).into_request().expect("a request");
    assert_eq!(
        call.body().as_bytes().expect("a whole body"),
        "mode=payment&line_items%5B0%5D%5Bprice%5D=p1&line_items%5B0%5D%5Bquantity%5D=1\
         &line_items%5B1%5D%5Bprice%5D=p2&line_items%5B1%5D%5Bquantity%5D=2"
    );
}

#[test]
fn a_list_of_scalars_repeats_its_key_at_any_depth() {
    assert_eq!(everywhere(&["a", "b"]), ["items=a", "items=b"]);
    assert_eq!(everywhere(&json!({ "a": [1, "x", true] })), ["items[a]=1", "items[a]=x", "items[a]=true"]);
    assert_eq!(everywhere(&[Some("a"), None, Some("")]), ["items=a", "items="]);
    assert_eq!(everywhere(&Vec::<Item>::new()), [""; 0]);
    assert_eq!(everywhere(&[None::<Item>, None]), [""; 0]);
}

#[test]
fn a_variant_with_content_is_an_object_in_a_list_too() {
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum By {
        Email(&'static str),
        Item(Item),
        All,
    }
    assert_eq!(
        everywhere(&[By::Email("a@b"), By::Item(item("p1", 1))]),
        ["items[0][email]=a@b", "items[1][item][price]=p1", "items[1][item][quantity]=1",]
    );
    assert_eq!(everywhere(&[By::All, By::All]), ["items=all", "items=all"]);
    assert!(refused_everywhere(&[By::All, By::Email("a@b")]).contains("objects"), "one of each");
}

#[test]
fn a_list_that_mixes_scalars_and_objects_is_refused() {
    for mixed in [json!([1, { "a": 1 }]), json!([{ "a": 1 }, "x"]), json!([{ "a": 1 }, { "a": 2 }, false])] {
        assert!(refused_everywhere(&mixed).contains("objects and other values"), "{mixed}");
        assert!(refused_everywhere(&json!({ "in": [{ "list": mixed }] })).contains("objects and other values"));
    }
}

#[test]
fn an_invisible_element_in_a_list_of_objects_is_refused() {
    for (list, position) in [
        (json!([{ "a": 1 }, null]), "1"),
        (json!([null, { "a": 1 }]), "0"),
        (json!([{}, { "a": 1 }]), "0"),
        (json!([{ "a": 1 }, { "a": null, "b": [], "c": {} }, { "a": 2 }]), "1"),
        (json!([{}]), "0"),
    ] {
        let message = refused_everywhere(&list);
        assert!(
            message.contains(&format!("element {position} ")) && message.contains("leave it out"),
            "{list}: {message}"
        );
    }
    let message = refused_everywhere(&[Some(item("p1", 1)), None]);
    assert!(message.contains("element 1 "), "{message}");
}

#[test]
fn a_list_within_a_list_is_refused_at_any_depth() {
    for nested in [
        json!([[1], [2]]),
        json!([[]]),
        json!([{ "a": [[1]] }]),
        json!([[{ "a": 1 }]]),
        json!([1, [2]]),
        json!([{ "a": 1 }, [2]]),
    ] {
        assert!(refused_everywhere(&nested).contains("a list within a list"), "{nested}");
    }
    assert!(refused_everywhere(&[(1, 2)]).contains("a list within a list"));
}

#[test]
fn a_bracket_in_a_nested_field_name_is_refused() {
    for field in ["a]b", "a[b]", "[", "tags[]"] {
        let message = refused_everywhere(&BTreeMap::from([(field, 1)]));
        assert!(message.contains(field) && message.contains("bracket"), "{message}");
    }
    let transport = MemoryTransport::new();
    let flat = BTreeMap::from([("filter[status]", "SENT"), ("tag[]", "a")]);
    assert_eq!(decoded(&transport.find(&flat)), ["filter[status]=SENT", "tag[]=a"], "the caller chooses whole keys");
}

#[test]
fn an_empty_key_is_sent_and_refused_if_nested_because_it_means_a_list() {
    let transport = MemoryTransport::new();
    assert_eq!(decoded(&transport.find(BTreeMap::from([("", "x")]))), ["=x"]);
    for nested in [
        json!({ "a": { "": 1 } }),
        json!({ "a": { "": { "b": 1 } } }),
        json!({ "a": [{ "": 1 }] }),
        json!({ "a": { "b": { "": [1, 2] } } }),
        json!({ "": { "a": 1 } }),
        json!({ "": [{ "a": 1 }] }),
    ] {
        let message = refused_everywhere(&json!({ "filter": nested }));
        assert!(message.contains("empty name"), "{nested}: {message}");
        let invalid = transport.find(&nested).into_request();
        assert!(matches!(invalid, Err(NoRequest::Invalid(InvalidRequest::Query { .. }))), "{nested}");
    }
}

/// The pairs of a query; a form has the same.
fn both<T: Serialize>(pairs: &T) -> Vec<String> {
    let transport = MemoryTransport::new();
    let query = decoded(&transport.find(pairs));
    assert_eq!(query, decoded(&transport.open(pairs)));
    query
}

#[test]
fn a_list_of_pairs_is_sent_in_order() {
    let transport = MemoryTransport::new();
    assert_eq!(decoded(&transport.paired(&[("b", "1"), ("a", "2"), ("b", "3")])), ["b=1", "a=2", "b=3"]);
    assert_eq!(decoded(&transport.paired(&[])), [""; 0]);

    let owned = vec![("b".to_owned(), 1), ("a&b".to_owned(), 2)];
    assert_eq!(both(&owned), ["b=1", "a&b=2"]);
    assert_eq!(both(&&owned[..]), ["b=1", "a&b=2"]);
    assert_eq!(both(&Some(Box::new(&owned))), ["b=1", "a&b=2"]);
    assert_eq!(both(&[("a", "1"), ("a", "2")]), ["a=1", "a=2"]);
    assert_eq!(both(&[["a", "1"], ["a", "2"]]), ["a=1", "a=2"], "an array of two is a pair");
    assert_eq!(both(&[&("a", "1")]), ["a=1"]);
    assert_eq!(both(&[Some(("a", 1)), None]), ["a=1"]);
    assert_eq!(both(&(("a", 1), ("b", "x"), ("c", true))), ["a=1", "b=x", "c=true"], "pairs of several types");
    assert_eq!(both(&[("a", Some(1)), ("b", None)]), ["a=1"], "`None` sends nothing");
    assert_eq!(both(&[(1, 'x'), (2, 'y')]), ["1=x", "2=y"]);
    assert_eq!(both(&[("", "x")]), ["=x"]);
    assert_eq!(both(&[("tag[]", "a"), ("tag[]", "b")]), ["tag[]=a", "tag[]=b"]);
    assert_eq!(both(&None::<Vec<(&str, u8)>>), [""; 0]);
}

#[test]
fn the_value_of_a_pair_is_sent_like_any_value_under_its_key() {
    let transport = MemoryTransport::new();
    let pairs: Vec<(&str, Value)> = vec![
        ("a", json!([1, 2])),
        ("filter", json!({ "status": "SENT" })),
        ("items", json!([{ "p": 1 }, { "p": 2 }])),
        ("none", json!(null)),
        ("none", json!([])),
    ];
    let expected = ["a=1", "a=2", "filter[status]=SENT", "items[0][p]=1", "items[1][p]=2"];
    assert_eq!(decoded(&transport.find(&pairs)), expected);
    assert_eq!(decoded(&transport.open(&pairs)), expected);
}

#[test]
fn an_unnamed_list_that_is_not_pairs_is_refused_with_the_fix() {
    #[derive(Serialize)]
    struct Triple(u8, u8, u8);
    #[derive(Serialize)]
    enum Variant {
        Of((&'static str, u8)),
    }
    let transport = MemoryTransport::new();
    for message in [
        problem(transport.find(["a", "b"])),
        problem(transport.find(("a", "1"))),
        problem(transport.find([("a", 1, 2)])),
        problem(transport.find([Triple(1, 2, 3)])),
        problem(transport.find([item("p1", 1)])),
        problem(transport.find([Variant::Of(("a", 1))])),
        problem(transport.find(json!([["a", "b"]]))),
        problem(transport.open([BTreeMap::from([("a", 1)])])),
        problem(transport.open(json!([1]))),
        problem(transport.open([[("a", 1)]])),
    ] {
        assert!(message.contains("pairs") && message.contains("name"), "{message}");
    }
    assert!(problem(transport.find([((1, 2), "x")])).contains("key"), "a key is text or a number");
    assert!(problem(transport.find([(None::<&str>, "x")])).contains("key"));
    problem(transport.find([(json!({}), "x")]));
}
