//! What a method can return: your own enum, `Option`, `Result`, the body itself, nothing; through an alias, or with your own
//! error type.

use std::fmt;

use courier_core::messages::{MessageDetails, Problem};
use courier_core::{Error, MemoryTransport, Result, Text, Transport, WithResponse, endpoint};
use serde::Deserialize;

use crate::flow::record::{ID, PROBLEM, record};

#[derive(Debug, PartialEq, Deserialize)]
struct Receipt {
    number: u32,
}

#[derive(Debug, PartialEq)]
enum Order {
    Placed(Receipt),
    SoldOut,
    Rejected(Problem),
    /// Its field has the same type as another variant's.
    Pending(Receipt),
}

/// An alias that contains the error type.
type Outcome<T> = std::result::Result<T, ShopError>;
/// An alias that doesn't look like a `Result`.
type Orders = Outcome<Vec<Receipt>>;

#[derive(Debug)]
enum ShopError {
    Unreachable,
    Closed(u16),
    Other(Error),
}

impl From<Error> for ShopError {
    fn from(error: Error) -> Self {
        match (&error, error.status()) {
            (Error::Status { .. }, Some(status)) => Self::Closed(status.as_u16()),
            (Error::Transport { .. }, None) => Self::Unreachable,
            _ => Self::Other(error),
        }
    }
}

impl fmt::Display for ShopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

trait Shop: Transport {
    #[endpoint(POST, "/orders", placed = 201, sold_out = 409, rejected = 422, pending = 202)]
    async fn order(&self) -> Result<Order>;
    #[endpoint(GET, "/orders/<number>", some = 200, none = 404)]
    async fn find(&self, number: u32) -> Result<Option<Receipt>>;
    #[endpoint(PUT, "/orders/<number>", ok = 200, err = 409)]
    async fn change(&self, number: u32) -> Result<std::result::Result<Receipt, Problem>>;
    #[endpoint(DELETE, "/orders/<number>", ok = 204, err = 409)]
    async fn cancel(&self, number: u32) -> Result<std::result::Result<(), MessageDetails>>;
    #[endpoint(GET, "/orders", ok = 200)]
    async fn list(&self) -> Orders;
    #[endpoint(POST, "/pay", placed = 200, sold_out = 410, rejected = 422, pending = 202)]
    async fn pay(&self) -> Outcome<Order>;
    #[endpoint(POST, "/close", ok = 200 | 204)]
    async fn close(&self) -> Result<()>;
    #[endpoint(GET, "/last", ok = 200)]
    async fn last(&self) -> Result<Option<Receipt>>;
}

impl Shop for MemoryTransport {}

const RECEIPT: &str = r#"{"number": 7}"#;

#[tokio::test]
async fn a_variant_with_a_field_reads_the_body_and_a_unit_variant_ignores_it() {
    let transport = MemoryTransport::new().answer(201, RECEIPT).answer(422, PROBLEM).answer(202, RECEIPT);
    assert_eq!(transport.order().await.expect("201"), Order::Placed(Receipt { number: 7 }));
    assert!(
        matches!(transport.order().await.expect("422"), Order::Rejected(problem) if problem.message.contains("not found"))
    );
    assert_eq!(transport.order().await.expect("202"), Order::Pending(Receipt { number: 7 }));

    for body in [&b""[..], b"{}", b"<html>", b"\xff\xfe", RECEIPT.as_bytes()] {
        let transport = MemoryTransport::new().answer(409, body);
        assert_eq!(transport.order().await.expect("409"), Order::SoldOut, "{body:?}");
    }
}

#[tokio::test]
async fn the_status_decides_whether_an_option_is_some_or_none() {
    let transport =
        MemoryTransport::new().answer(200, RECEIPT).answer(404, RECEIPT).answer(404, "").answer(200, "null");
    assert_eq!(transport.find(7).await.expect("200"), Some(Receipt { number: 7 }));
    assert_eq!(transport.find(7).await.expect("404"), None, "the body doesn't matter");
    assert_eq!(transport.find(7).await.expect("404"), None);
    let error = transport.find(7).await.expect_err("200 promises a receipt");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
}

#[tokio::test]
async fn an_option_as_the_only_outcome_reads_null_as_none() {
    let transport = MemoryTransport::new().answer(200, "null").answer(200, RECEIPT).answer(200, "");
    assert_eq!(transport.last().await.expect("200"), None);
    assert_eq!(transport.last().await.expect("200"), Some(Receipt { number: 7 }));
    assert!(matches!(transport.last().await, Err(Error::Decode { .. })), "an empty body is not null");
}

#[tokio::test]
async fn a_nested_result_declares_ok_and_err() {
    let transport = MemoryTransport::new().answer(200, RECEIPT).answer(409, PROBLEM).answer(500, "");
    assert_eq!(transport.change(7).await.expect("200"), Ok(Receipt { number: 7 }));
    assert_eq!(transport.change(7).await.expect("409").expect_err("declared").message, "Message not found");
    assert!(matches!(transport.change(7).await, Err(Error::Status { .. })));

    let transport = MemoryTransport::new().answer(204, "").answer(409, record("SENT"));
    assert_eq!(transport.cancel(7).await.expect("204"), Ok(()));
    assert_eq!(transport.cancel(7).await.expect("409").expect_err("declared").id, ID);
}

#[tokio::test]
async fn unit_ignores_the_body() {
    for (status, body) in [(204, &b""[..]), (200, b""), (200, b"{}"), (200, b"<html>"), (200, b"\xff")] {
        MemoryTransport::new().answer(status, body).close().await.unwrap_or_else(|error| panic!("{error}"));
    }
    assert!(matches!(MemoryTransport::new().answer(202, "").close().await, Err(Error::Status { .. })));
}

#[tokio::test]
async fn a_custom_alias_and_error_type_are_returned_as_written() {
    let transport = MemoryTransport::new().answer(200, format!("[{RECEIPT}]")).answer(503, "").answer(200, "{");
    let list: Orders = transport.list().await;
    assert_eq!(list.expect("200"), [Receipt { number: 7 }]);
    assert!(matches!(transport.list().await, Err(ShopError::Closed(503))));
    assert!(matches!(transport.list().await, Err(ShopError::Other(Error::Decode { .. }))));
    assert!(matches!(transport.list().await, Err(ShopError::Unreachable)), "no response left");

    let transport = MemoryTransport::new().answer(410, "").answer(418, "");
    assert_eq!(transport.pay().await.expect("410"), Order::SoldOut);
    assert!(matches!(transport.pay().await, Err(ShopError::Closed(418))));
    assert!(matches!(transport.pay().with_response().await, Err(ShopError::Unreachable)));
}

/// Whether a type needs a body must not be found out by reading an empty one.
#[tokio::test]
async fn a_type_with_a_serde_default_is_still_read_from_the_body() {
    #[derive(Debug, PartialEq)]
    struct Lenient(Vec<u8>);
    impl<'de> Deserialize<'de> for Lenient {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
            Ok(Self(Vec::deserialize(deserializer).unwrap_or_default()))
        }
    }
    trait Tags: Transport {
        #[endpoint(GET, "/tags", ok = 200)]
        async fn tags(&self) -> Result<Lenient>;
    }
    impl Tags for MemoryTransport {}

    let transport = MemoryTransport::new().answer(200, "[1, 2]").answer(200, "7");
    assert_eq!(transport.tags().await.expect("200"), Lenient(vec![1, 2]));
    assert_eq!(transport.tags().await.expect("200"), Lenient(Vec::new()), "it accepts anything");
    assert_eq!(transport.requests()[0].headers()["accept"], "application/json");
}

/// One outcome with several statuses, some of which have no body.
trait Drafts: Transport {
    #[endpoint(PUT, "/drafts/<id>", ok = 200 | 204)]
    async fn save(&self, id: u32) -> Result<Option<Receipt>>;
    #[endpoint(GET, "/drafts/<id>", ok = 200 | 304)]
    async fn refresh(&self, id: u32) -> Result<WithResponse<Option<Receipt>>>;
    #[endpoint(GET, "/drafts/<id>/text", ok = 200 | 205)]
    async fn text(&self, id: u32) -> Result<Text>;
    #[endpoint(POST, "/drafts/<id>", saved = 200 | 204, gone = 410)]
    async fn publish(&self, id: u32) -> Result<Saved>;
    #[endpoint(DELETE, "/drafts/<id>", ok = 2xx)]
    async fn delete(&self, id: u32) -> Result<Receipt>;
}
impl Drafts for MemoryTransport {}

#[derive(Debug, PartialEq)]
enum Saved {
    Saved(Option<Receipt>),
    Gone,
}

#[tokio::test]
async fn an_option_is_none_for_a_status_that_has_no_body() {
    let receipt = || MemoryTransport::new().answer(200, r#"{"number": 7}"#);
    let seven = || Some(Receipt { number: 7 });

    let transport = receipt().answer(204, "");
    assert_eq!(transport.save(1).await.expect("200"), seven());
    assert_eq!(transport.save(1).await.expect("204"), None);

    let transport = receipt().answer(304, "");
    assert_eq!(transport.refresh(1).await.expect("200").outcome, seven());
    let unchanged = transport.refresh(1).await.expect("304");
    assert_eq!((unchanged.outcome, unchanged.status.as_u16()), (None, 304));

    let transport = receipt().answer(204, "").answer(410, "");
    assert_eq!(transport.publish(1).await.expect("200"), Saved::Saved(seven()));
    assert_eq!(transport.publish(1).await.expect("204"), Saved::Saved(None));
    assert_eq!(transport.publish(1).await.expect("410"), Saved::Gone);

    assert_eq!(MemoryTransport::new().answer(205, "").text(1).await.expect("205").0, "");
    let error = MemoryTransport::new().answer(200, "").save(1).await.expect_err("a 200 has a body");
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
}

#[tokio::test]
async fn a_class_that_gets_a_status_without_a_body_says_how_to_declare_it() {
    for status in [204, 205] {
        let error = MemoryTransport::new().answer(status, "").delete(1).await.expect_err("no body");
        assert!(matches!(error, Error::Decode { .. }), "{error:?}");
        for part in [&*format!("a {status} has no body"), "`Option`, which is `None`", "outcome without a body"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
