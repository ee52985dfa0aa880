//! Private names that crates use between themselves: a serde serializer may see a number as a struct with one field, whose
//! name must not be sent. Whether it does depends on the features that other crates turn on.

use std::collections::BTreeMap;

use courier_core::{Call, MemoryTransport, Result, Transport, endpoint};
use serde::ser::{SerializeMap as _, SerializeStruct as _};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

trait Sending: Transport {
    #[endpoint(GET, "/a", ok = 204)]
    async fn pairs<T: Serialize>(&self, #[query] pairs: T) -> Result<()>;
    #[endpoint(GET, "/a?<n>", ok = 204)]
    async fn one<T: Serialize>(&self, n: T) -> Result<()>;
    #[endpoint(GET, "/a?<n:comma>", ok = 204)]
    async fn joined<T: Serialize>(&self, n: T) -> Result<()>;
    #[endpoint(GET, "/a?<n:json>", ok = 204)]
    async fn json<T: Serialize>(&self, n: T) -> Result<()>;
    #[endpoint(POST, "/a", ok = 204)]
    async fn form<T: Serialize>(&self, #[form] form: T) -> Result<()>;
    #[endpoint(POST, "/a", ok = 204)]
    async fn body<T: Serialize>(&self, #[body] body: T) -> Result<()>;
}

impl<T: Transport> Sending for T {}

const NUMBER: &str = "$serde_json::private::Number";
const RAW: &str = "$serde_json::private::RawValue";
const DATETIME: (&str, &str) = ("$__toml_private_Datetime", "$__toml_private_datetime");

/// What another crate's type serializes as: a struct with one field, both with private names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Private(&'static str, &'static str, &'static str);

impl Serialize for Private {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct(self.0, 1)?;
        object.serialize_field(self.1, self.2)?;
        object.end()
    }
}

fn number(text: &'static str) -> Private {
    Private(NUMBER, NUMBER, text)
}

fn raw(json: &'static str) -> Private {
    Private(RAW, RAW, json)
}

/// The query as a server decodes it, one `key=value` per pair.
fn decoded(call: &Call<'_, Result<()>>) -> Vec<String> {
    let request = call.request().expect("a valid request");
    let query = request.uri().query().unwrap_or("").as_bytes();
    let text = if query.is_empty() { request.body().as_bytes().expect("a whole body") } else { query };
    form_urlencoded::parse(text).map(|(key, value)| format!("{key}={value}")).collect()
}

fn problem(call: Call<'_, Result<()>>) -> String {
    let invalid = call.into_request().expect_err("an invalid request");
    invalid.to_string()
}

#[test]
fn a_json_number_is_sent_as_its_digits_everywhere() {
    let transport = MemoryTransport::new();
    let value = json!({
        "limit": 50, "least": i64::MIN, "most": u64::MAX, "ratio": 0.5, "whole": 3.0, "large": 1e21,
        "in": { "list": [1, -2], "objects": [{ "n": 1.5 }] },
    });
    let expected = [
        "in[list]=1",
        "in[list]=-2",
        "in[objects][0][n]=1.5",
        "large=1000000000000000000000",
        "least=-9223372036854775808",
        "limit=50",
        "most=18446744073709551615",
        "ratio=0.5",
        "whole=3",
    ];
    assert_eq!(decoded(&transport.pairs(&value)), expected);
    assert_eq!(decoded(&transport.form(&value)), expected);
    assert_eq!(decoded(&transport.one(&value["limit"])), ["n=50"]);
    assert_eq!(decoded(&transport.one(json!([1, 2.5]))), ["n=1", "n=2.5"]);
    assert_eq!(decoded(&transport.joined(json!([1, 2.5]))), ["n=1,2.5"]);
    assert_eq!(decoded(&transport.json(json!([1, 2.5]))), ["n=[1,2.5]"]);
    assert_eq!(
        transport.body(json!([1, 2.5])).request().expect("a request").body().as_bytes().expect("whole"),
        "[1,2.5]"
    );
}

#[test]
fn a_number_in_a_flattened_map_or_an_untagged_enum_is_sent_as_its_digits() {
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Either {
        Number(Value),
        #[expect(dead_code, reason = "a flattened number")]
        Text(String),
    }
    #[derive(Serialize)]
    struct Filter {
        first: Either,
        #[serde(flatten)]
        more: BTreeMap<&'static str, Value>,
        #[serde(flatten)]
        most: Value,
    }
    let filter = || Filter {
        first: Either::Number(json!(1)),
        more: BTreeMap::from([("limit", json!(50))]),
        most: json!({ "page": 7 }),
    };
    let transport = MemoryTransport::new();
    assert_eq!(decoded(&transport.pairs(filter())), ["first=1", "limit=50", "page=7"]);
    assert_eq!(decoded(&transport.form(filter())), ["first=1", "limit=50", "page=7"]);
}

#[test]
fn a_private_number_is_sent_as_its_digits() {
    let transport = MemoryTransport::new();
    for text in ["50", "-1", "1.50", "123456789012345678901234567890.5", "1E5"] {
        assert_eq!(decoded(&transport.one(number(text))), [format!("n={text}")]);
        assert_eq!(decoded(&transport.joined([number(text), number("7")])), [format!("n={text},7")]);
        assert_eq!(decoded(&transport.form([("n", [number(text)])])), [format!("n={text}")]);
        assert_eq!(decoded(&transport.pairs(BTreeMap::from([(number(text), 1)]))), [format!("{text}=1")]);
        assert_eq!(decoded(&transport.pairs(json!({ "n": null, "m": 1 }))), ["m=1"]);
    }
    // The same as for a float of the program's own.
    assert_eq!(decoded(&transport.one(number("3.0"))), ["n=3"]);
}

#[test]
fn raw_json_is_sent_as_the_value_it_contains() {
    let transport = MemoryTransport::new();
    let json = r#"{ "a": [1, 2.5], "b": { "c": "x y", "d": null }, "e": [{ "f": true }] }"#;
    let expected = ["a=1", "a=2.5", "b[c]=x y", "e[0][f]=true"];
    assert_eq!(decoded(&transport.pairs(raw(json))), expected);
    assert_eq!(decoded(&transport.form(raw(json))), expected);
    assert_eq!(decoded(&transport.one(raw("[1, \"a\"]"))), ["n=1", "n=a"]);
    assert_eq!(decoded(&transport.joined(raw("[1, 2]"))), ["n=1,2"]);
    assert_eq!(decoded(&transport.one(raw("null"))), [""; 0]);
    assert!(problem(transport.one(raw("[1, "))).contains("JSON"), "it says of itself what it isn't");
    assert!(problem(transport.pairs(raw("1"))).contains("single value"));
}

#[test]
fn a_toml_date_is_sent_as_its_text() {
    let transport = MemoryTransport::new();
    let date = || Private(DATETIME.0, DATETIME.1, "1979-05-27");
    assert_eq!(decoded(&transport.one(date())), ["n=1979-05-27"]);
    assert_eq!(decoded(&transport.joined([date()])), ["n=1979-05-27"]);
    assert_eq!(decoded(&transport.pairs([("since", date())])), ["since=1979-05-27"]);
    assert_eq!(decoded(&transport.form(BTreeMap::from([(date(), date())]))), ["1979-05-27=1979-05-27"]);
    assert_eq!(decoded(&transport.json([date()])), [r#"n=["1979-05-27"]"#]);
}

#[test]
fn an_unknown_private_name_is_refused_and_never_sent() {
    /// A flattened number shows its private field next to the others.
    struct Flattened;
    impl Serialize for Flattened {
        fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            let mut map = serializer.serialize_map(None)?;
            map.serialize_entry("a", &1)?;
            map.serialize_entry(NUMBER, "50")?;
            map.end()
        }
    }
    struct Newtype;
    impl Serialize for Newtype {
        fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
            serializer.serialize_newtype_struct("$ron::private::RawValue", "(a: 1)")
        }
    }
    #[derive(Serialize)]
    enum Variant {
        #[serde(rename = "$other::private::Number")]
        One(u8),
        #[serde(rename = "$other::private::Unit")]
        Unit,
    }
    let transport = MemoryTransport::new();
    let unknown = || Private("$sonic_rs::private::JsonValue", "$sonic_rs::private::JsonValue", "1");
    let spanned = || Private("$__serde_spanned_private_Spanned", "$__serde_spanned_private_start", "1");
    for message in [
        problem(transport.pairs(Flattened)),
        problem(transport.form(Flattened)),
        problem(transport.one(Flattened)),
        problem(transport.json(Flattened)),
        problem(transport.one(unknown())),
        problem(transport.pairs(unknown())),
        problem(transport.form([("n", unknown())])),
        problem(transport.joined([unknown()])),
        problem(transport.json([unknown()])),
        problem(transport.one(spanned())),
        problem(transport.json(Some(spanned()))),
        problem(transport.one(Newtype)),
        problem(transport.json(Newtype)),
        problem(transport.one(Variant::One(1))),
        problem(transport.json(Variant::One(1))),
        problem(transport.one(Variant::Unit)),
        problem(transport.json(Variant::Unit)),
        problem(transport.pairs(BTreeMap::from([("$__toml_private_datetime", 1)]))),
    ] {
        assert!(message.contains("private name") && message.contains("convert"), "{message}");
    }
}

#[test]
fn a_dollar_sign_in_an_apis_own_name_is_sent() {
    let transport = MemoryTransport::new();
    let query = BTreeMap::from([("$filter", "a eq 1"), ("$top", "5")]);
    assert_eq!(decoded(&transport.pairs(&query)), ["$filter=a eq 1", "$top=5"]);
    assert_eq!(decoded(&transport.json(json!({ "$oid": "a" }))), [r#"n={"$oid":"a"}"#]);
    assert_eq!(decoded(&transport.one("$serde_json::private::Number")), ["n=$serde_json::private::Number"]);
}

#[test]
fn the_error_says_which_value_has_the_private_name() {
    let message = problem(MemoryTransport::new().one(Private("$a::private::B", "$a::private::B", "1")));
    assert!(message.contains("the query `n`") && message.contains("$a::private::B"), "{message}");
}

/// With `serde_json/arbitrary_precision` and `raw_value`, as another crate may enable them.
#[cfg(feature = "json-features-of-others")]
mod with_the_features {
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn a_number_keeps_every_digit() {
        let transport = MemoryTransport::new();
        let value: Value = serde_json::from_str(r#"{ "n": 0.1234567890123456789012345 }"#).expect("JSON");
        assert_eq!(decoded(&transport.pairs(&value)), ["n=0.1234567890123456789012345"]);
        assert_eq!(decoded(&transport.form(&value)), ["n=0.1234567890123456789012345"]);
        assert_eq!(decoded(&transport.one(&value["n"])), ["n=0.1234567890123456789012345"]);
        assert_eq!(decoded(&transport.json(&value)), [r#"n={"n":0.1234567890123456789012345}"#]);
    }

    #[test]
    fn raw_json_becomes_pairs_in_a_query_and_is_unchanged_in_json() {
        let transport = MemoryTransport::new();
        let raw: &RawValue = serde_json::from_str(r#"{"limit":  50}"#).expect("JSON");
        assert_eq!(decoded(&transport.pairs(raw)), ["limit=50"]);
        assert_eq!(decoded(&transport.form([("n", raw)])), ["n[limit]=50"]);
        assert_eq!(decoded(&transport.json(raw)), [r#"n={"limit":  50}"#]);
        assert_eq!(
            transport.body(raw).request().expect("a request").body().as_bytes().expect("whole"),
            r#"{"limit":  50}"#
        );
    }

    #[test]
    fn a_flattened_number_is_refused() {
        #[derive(Serialize)]
        struct Filter {
            #[serde(flatten)]
            number: serde_json::Number,
        }
        let transport = MemoryTransport::new();
        let filter = Filter { number: 5.into() };
        for call in [transport.pairs(&filter), transport.form(&filter), transport.json(&filter)] {
            assert!(problem(call).contains("private name"));
        }
    }
}
