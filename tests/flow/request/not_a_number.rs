//! NaN and infinity: no request format can express them, so the call is refused instead of sending something else.

use std::collections::BTreeMap;
use std::fmt;

use courier_core::{Call, InvalidRequest, MemoryTransport, NoRequest, Result, Transport, endpoint};
use serde::Serialize;

trait Measuring: Transport {
    #[endpoint(GET, "/a?<v>", ok = 204)]
    async fn plain<T: Serialize>(&self, v: T) -> Result<()>;
    #[endpoint(GET, "/a?<v:json>", ok = 204)]
    async fn json<T: Serialize>(&self, v: T) -> Result<()>;
    #[endpoint(POST, "/a", ok = 204)]
    async fn form<T: Serialize>(&self, #[form] v: T) -> Result<()>;
    #[endpoint(GET, "/at/<v>/end", ok = 204)]
    async fn at(&self, v: f64) -> Result<()>;
    #[endpoint(GET, "/at/<v>/end", ok = 204)]
    async fn whole<T: fmt::Display + Send + Sync>(&self, v: T) -> Result<()>;
    #[endpoint(GET, "/at/<a>,<b>", ok = 204)]
    async fn part<T: fmt::Display + Send + Sync>(&self, a: T, b: f32) -> Result<()>;
    #[endpoint(GET, "/<v..>/end", ok = 204)]
    async fn segments<T: fmt::Display + Send + Sync>(&self, v: T) -> Result<()>;
}

impl<T: Transport> Measuring for T {}

fn problem(call: Call<'_, Result<()>>) -> String {
    call.into_request().expect_err("it is not a number").to_string()
}

const DOUBLES: [(f64, &str); 3] = [(f64::NAN, "NaN"), (f64::INFINITY, "inf"), (f64::NEG_INFINITY, "-inf")];
const SINGLES: [(f32, &str); 3] = [(f32::NAN, "NaN"), (f32::INFINITY, "inf"), (f32::NEG_INFINITY, "-inf")];

#[derive(Serialize, Clone, Copy)]
struct Point<T> {
    x: T,
    y: Option<T>,
}

#[derive(Serialize)]
enum Shape<T> {
    One(T),
    Pair(T, T),
    Named { at: T },
}

fn refused_in_json<T: Serialize + Copy + fmt::Display>(value: T, text: &str) {
    let transport = MemoryTransport::new();
    for message in [
        problem(transport.json(value)),
        problem(transport.json(Some(&value))),
        problem(transport.json([value])),
        problem(transport.json((1, value))),
        problem(transport.json(vec![Some(value), None])),
        problem(transport.json(Point { x: value, y: None })),
        problem(transport.json(Some(Point { x: value, y: None }).map(|point| [point]))),
        problem(transport.json(BTreeMap::from([("a", Point { x: value, y: Some(value) })]))),
        problem(transport.json(Shape::One(value))),
        problem(transport.json(Shape::Pair(value, value))),
        problem(transport.json(Shape::Named { at: value })),
    ] {
        assert!(
            message.contains("the query `v`") && message.contains(&format!("`{text}` is not a number")),
            "{message}"
        );
    }
}

#[test]
fn nan_is_refused_in_json_at_any_depth() {
    for (value, text) in DOUBLES {
        refused_in_json(value, text);
    }
    for (value, text) in SINGLES {
        refused_in_json(value, text);
    }
}

#[test]
fn finite_numbers_and_null_are_still_sent_as_json() {
    let transport = MemoryTransport::new();
    let sent = |call: Call<'_, Result<()>>| {
        let request = call.into_request().expect("a request");
        let query = request.uri().query().unwrap_or("").to_owned();
        form_urlencoded::parse(query.as_bytes()).map(|(_, json)| json.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sent(transport.json([0.1_f32, -2.5])), ["[0.1,-2.5]"]);
    assert_eq!(sent(transport.json(Point { x: 3.0, y: None })), [r#"{"x":3.0,"y":null}"#]);
    assert_eq!(sent(transport.json(None::<f64>)), [""; 0]);
    assert_eq!(sent(transport.json([None::<f64>])), ["[null]"]);
    assert_eq!(sent(transport.json(f64::MAX)), [serde_json::to_string(&f64::MAX).expect("JSON")]);
    assert_eq!(sent(transport.json(Shape::Named { at: 1 })), [r#"{"Named":{"at":1}}"#]);
    assert_eq!(sent(transport.json(Shape::Pair(1, 2))), [r#"{"Pair":[1,2]}"#]);
    assert_eq!(sent(transport.json(BTreeMap::from([(1, None::<u8>), (2, None)]))), [r#"{"1":null,"2":null}"#]);
    assert_eq!(
        sent(transport.json((u128::MAX, i128::MIN, 'x', "null"))),
        [format!("[{},{},\"x\",\"null\"]", u128::MAX, i128::MIN)]
    );
}

#[test]
fn nan_is_refused_in_a_query_and_a_form() {
    let transport = MemoryTransport::new();
    for (value, text) in DOUBLES {
        for message in [
            problem(transport.plain(value)),
            problem(transport.plain([Point { x: value, y: None }])),
            problem(transport.form([("a", value)])),
        ] {
            assert!(message.contains(&format!("`{text}` is not a number")), "{message}");
        }
    }
}

/// A wrapper that passes on the formatter.
struct Ratio(f64);

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[test]
fn nan_is_refused_in_a_path() {
    let transport = MemoryTransport::new();
    for ((double, text), (single, _)) in DOUBLES.into_iter().zip(SINGLES) {
        let reference = &double;
        for call in [
            transport.at(double),
            transport.whole(single),
            transport.whole(reference),
            transport.whole(Box::new(double)),
            transport.whole(std::sync::Arc::new(double)),
            transport.whole(std::num::Wrapping(double)),
            transport.whole(Ratio(double)),
            transport.part(double, 1.0),
            transport.part("a", single),
            transport.segments(double),
        ] {
            let invalid = call.into_request().expect_err(text);
            assert!(matches!(invalid, NoRequest::Invalid(InvalidRequest::Segment { .. })), "{invalid:?}");
            assert!(invalid.to_string().contains(&format!("{text:?}")), "{invalid}");
            assert!(invalid.to_string().contains("not a number"), "{invalid}");
        }
    }
}

#[test]
fn the_strings_nan_and_inf_are_sent() {
    /// Its `Display` ignores the formatter's options.
    struct Currency;
    impl fmt::Display for Currency {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("NaN")
        }
    }
    struct Padded;
    impl fmt::Display for Padded {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.pad("inf")
        }
    }
    let transport = MemoryTransport::new();
    let path = |call: Call<'_, Result<()>>| call.into_request().expect("a request").uri().path().to_owned();
    for text in ["NaN", "inf", "-inf", "nan", "infinity", "NaNcy"] {
        assert_eq!(path(transport.whole(text)), format!("/at/{text}/end"));
        assert_eq!(path(transport.whole(text.to_owned())), format!("/at/{text}/end"));
        assert_eq!(path(transport.segments(text)), format!("/{text}/end"));
        assert_eq!(path(transport.part(text, 0.5)), format!("/at/{text},0.5"));
    }
    assert_eq!(path(transport.whole(Currency)), "/at/NaN/end");
    assert_eq!(path(transport.whole(Padded)), "/at/inf/end");
    assert_eq!(path(transport.at(-0.5)), "/at/-0.5/end");
}
