//! Declaration: what the attribute says is data, and the annotated trait stays an ordinary trait.

use courier_core::messages::Messages;
use courier_core::{Courier, MemoryTransport, Result, Transport, endpoint};
use http::{Method, StatusCode};

/// Has a method of the same name as [`Messages`].
trait Jobs: Transport {
    #[endpoint(DELETE, "/jobs/<id>", gone = 200 | 202 | 204, not_found = 404, failed = 5xx)]
    async fn cancel(&self, id: u64) -> Result<Deletion>;

    #[endpoint(PUT, "/jobs/<id>/pause", ok = 204)]
    async fn pause(&self, id: u64) -> Result<()>;

    #[endpoint(GET, "/jobs/<type>/latest", ok = 200, r#else = 404)]
    async fn r#type(&self, r#type: &str) -> Result<Latest>;
}

impl<T: Transport + ?Sized> Jobs for T {}

#[derive(Debug, PartialEq)]
enum Deletion {
    Gone,
    NotFound,
    Failed,
}

#[derive(Debug, PartialEq)]
enum Latest {
    Ok(u64),
    Else,
}

#[test]
fn a_declaration_contains_what_the_attribute_says() {
    let cancel = <Courier as Messages>::cancel_endpoint();
    assert_eq!(cancel.name(), "cancel");
    assert_eq!(cancel.method(), Method::POST);
    assert_eq!(cancel.template(), "/messages/<message_id>/cancel");
    assert!(cancel.may_be_retried());
    assert_eq!(cancel.to_string(), "POST /messages/<message_id>/cancel");
    assert_eq!(cancel.outcomes().to_string(), "200 ok, 409 conflict");
    let outcomes: Vec<_> = cancel.outcomes().iter().map(|outcome| (outcome.name(), outcome.statuses())).collect();
    assert_eq!(outcomes, [("ok", &[200..=200][..]), ("conflict", &[409..=409])]);
}

#[test]
fn a_declaration_is_the_same_for_every_transport() {
    assert_eq!(<MemoryTransport as Messages>::cancel_endpoint(), <Courier as Messages>::cancel_endpoint());
}

#[test]
fn alternatives_and_classes_are_ranges_of_statuses() {
    let cancel = <MemoryTransport as Jobs>::cancel_endpoint();
    let outcome = |status: u16| {
        let status = StatusCode::from_u16(status).expect("a status of three digits");
        cancel.outcomes().of(status).map(|(position, outcome)| (position, outcome.name()))
    };
    assert_eq!([200, 202, 204].map(outcome), [Some((0, "gone")); 3]);
    assert_eq!(outcome(404), Some((1, "not_found")));
    assert_eq!([500, 503, 599].map(outcome), [Some((2, "failed")); 3]);
    assert_eq!([201, 203, 205, 403, 405, 499, 600].map(outcome), [None; 7]);
    assert_eq!(cancel.outcomes().to_string(), "200 | 202 | 204 gone, 404 not_found, 5xx failed");
}

#[test]
fn only_safe_methods_are_idempotent_without_the_flag() {
    assert!(MemoryTransport::type_endpoint().may_be_retried(), "a GET");
    assert!(!MemoryTransport::pause_endpoint().may_be_retried(), "a PUT whose API does not say so");
    assert!(!<MemoryTransport as Jobs>::cancel_endpoint().may_be_retried(), "a DELETE whose API does not say so");
}

#[tokio::test]
async fn two_traits_with_a_method_of_the_same_name_each_call_their_own_endpoint() {
    let transport = MemoryTransport::new().answer(204, "").answer(404, "").answer(503, "");
    assert_eq!(Jobs::cancel(&transport, 7).await.expect("declared"), Deletion::Gone);
    assert_eq!(Jobs::cancel(&transport, 8).await.expect("declared"), Deletion::NotFound);
    assert_eq!(Jobs::cancel(&transport, 9).await.expect("declared"), Deletion::Failed);
    Messages::cancel(&transport, "7").await.expect_err("no response left");

    let sent: Vec<_> = transport.requests().iter().map(|sent| format!("{} {}", sent.method(), sent.uri())).collect();
    assert_eq!(sent, ["DELETE /jobs/7", "DELETE /jobs/8", "DELETE /jobs/9", "POST /messages/7/cancel"]);
}

#[tokio::test]
async fn raw_identifiers_lose_their_prefix_in_the_declaration() {
    let declaration = MemoryTransport::type_endpoint();
    assert_eq!((declaration.name(), declaration.template()), ("type", "/jobs/<type>/latest"));
    assert_eq!(declaration.outcomes().to_string(), "200 ok, 404 else");

    let transport = MemoryTransport::new().answer(200, "7").answer(404, "");
    assert_eq!(transport.r#type("mail").await.expect("declared"), Latest::Ok(7));
    assert_eq!(transport.r#type("mail").await.expect("declared"), Latest::Else);
    assert_eq!(transport.requests()[0].uri(), "/jobs/mail/latest");
}

#[tokio::test]
async fn a_trait_of_endpoints_is_dyn_compatible() {
    let transport = MemoryTransport::new().answer(204, "").answer(204, "");
    let jobs: Box<dyn Jobs> = Box::new(transport.clone());
    jobs.pause(1).await.expect("declared");
    let jobs: &dyn Jobs = &transport;
    jobs.pause(2).await.expect("declared");
    assert_eq!(transport.requests().len(), 2);
}
