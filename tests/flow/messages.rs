//! The messages resource against a sandbox with consistent state, and the exact request of each endpoint.

use std::time::Duration;

use courier_core::messages::{
    Cancellation, HistoryEvent, MessageDetails, MessageFilter, MessageStatus, Messages, Problem, Timestamp,
};
use courier_core::{Call, Courier, Endpoint, Error, MemoryTransport, Result};
use courier_sandbox::{Attributes, Sandbox};

use super::key_search;
use super::record::{ID, record};
use super::server::KEY;
use crate::under_test;

/// A sandbox in which no message makes progress by itself.
async fn courier() -> (Sandbox, Courier) {
    let sandbox = Sandbox::start().await.expect("a free port").with_pace(Duration::from_hours(1));
    key_search::begin();
    let courier = under_test::courier().api_key(KEY).base_url(sandbox.base_url()).build().expect("a client");
    (sandbox, courier)
}

fn ids(messages: &[MessageDetails]) -> Vec<&str> {
    messages.iter().map(|message| &*message.id).collect()
}

async fn listed(courier: &Courier, filter: &MessageFilter) -> Vec<MessageDetails> {
    courier.list(None, filter).await.expect("a page").results
}

async fn events(courier: &Courier, id: &str) -> Vec<String> {
    let history = courier.history(id, None).await.expect("declared").expect("a message");
    history.results.iter().map(|event| event.kind().expect("a type").to_owned()).collect()
}

#[tokio::test]
async fn every_endpoint_shows_a_cancelled_message_as_cancelled() {
    let (sandbox, courier) = courier().await;
    let other = sandbox.send("grace").id;
    let id = sandbox.send("ada").id;
    assert_eq!(events(&courier, &id).await, ["ENQUEUED"]);

    let cancelled = courier.cancel(&id).await.expect("declared").into_ok().expect("just sent");
    assert_eq!(cancelled.status, MessageStatus::Canceled);
    let filter = MessageFilter::new().status(MessageStatus::Canceled);
    assert_eq!(listed(&courier, &filter).await, std::slice::from_ref(&cancelled));
    assert_eq!(ids(&listed(&courier, &MessageFilter::new()).await), [&*id, &other], "newest first");
    assert_eq!(courier.get(&id).await.expect("declared").expect("a message").details, cancelled);
    assert_eq!(events(&courier, &id).await, ["ENQUEUED", "CANCELED"]);
    assert_eq!(events(&courier, &other).await, ["ENQUEUED"]);

    let again = courier.cancel(&id).await.expect("declared");
    assert_eq!(again, Cancellation::Conflict(cancelled));
    assert_eq!(events(&courier, &id).await, ["ENQUEUED", "CANCELED"], "the second cancel did nothing");
}

#[tokio::test]
async fn a_history_can_be_filtered_by_event_type() {
    let (sandbox, courier) = courier().await;
    let id = sandbox.deliver("ada").id;
    assert_eq!(events(&courier, &id).await, ["ENQUEUED", "ROUTED", "SENT", "DELIVERED"]);
    let sent = courier.history(&id, Some("SENT")).await.expect("declared").expect("a message").results;
    assert!(matches!(&sent[..], [event] if event.kind() == Some("SENT")), "{sent:?}");
    let record = courier.get(&id).await.expect("declared").expect("a message");
    assert_eq!(sent[0].timestamp(), record.sent, "the record has the same time");
    let none = courier.history(&id, Some("CLICKED")).await.expect("declared").expect("a message").results;
    assert_eq!(none, [] as [HistoryEvent; 0]);
}

#[tokio::test]
async fn a_resend_is_a_new_message_to_the_same_recipient() {
    let (sandbox, courier) = courier().await;
    let first = sandbox.deliver("ada");
    let again = courier.resend(&first.id).await.expect("declared").message_id;
    assert_ne!(again, first.id);

    let record = courier.get(&again).await.expect("declared").expect("a new message").details;
    assert_eq!((&*record.recipient, &record.status), ("ada", &MessageStatus::Enqueued));
    assert_eq!(record.event, first.event);
    assert_eq!(ids(&listed(&courier, &MessageFilter::new().recipient("ada")).await), [&*again, &first.id]);
    assert_eq!(courier.get(&first.id).await.expect("declared").expect("the old one").details, first);
    assert!(matches!(courier.cancel(&again).await, Ok(Cancellation::Ok(_))), "it can still be cancelled");
}

#[tokio::test]
async fn an_archived_message_is_listed_only_on_request() {
    let (sandbox, courier) = courier().await;
    let (kept, archived) = (sandbox.send("ada").id, sandbox.send("ada").id);
    courier.archive(&archived).await.expect("declared");
    assert_eq!(ids(&listed(&courier, &MessageFilter::new()).await), [&*kept]);
    assert_eq!(ids(&listed(&courier, &MessageFilter::new().archived(false)).await), [&*kept]);
    assert_eq!(ids(&listed(&courier, &MessageFilter::new().archived(true)).await), [&*archived, &kept]);
    assert!(courier.get(&archived).await.expect("declared").is_some(), "it still exists");
    courier.archive(&archived).await.expect("archived already");
}

#[tokio::test]
async fn a_routed_message_has_providers_and_content() {
    let (sandbox, courier) = courier().await;
    let (enqueued, delivered) = (sandbox.send("ada").id, sandbox.deliver("ada & grace").id);
    assert_eq!(courier.get(&enqueued).await.expect("declared").expect("a message").providers, None);
    assert_eq!(courier.content(&enqueued).await.expect("declared").expect("a message").results.len(), 0);

    let message = courier.get(&delivered).await.expect("declared").expect("a message");
    let providers = message.providers.expect("it was routed");
    assert_eq!((providers.len(), &providers[0]["provider"]), (1, &"sendgrid".into()));
    assert_eq!(providers[0]["status"], "DELIVERED");
    let content = courier.content(&delivered).await.expect("declared").expect("a message");
    assert_eq!((content.results.len(), &*content.results[0].channel), (1, "email"));
    assert_eq!(content.results[0].content.text, "Hello, ada & grace!");
    assert_eq!(content.results[0].content.html, "<p>Hello, ada &amp; grace!</p>");
}

#[tokio::test]
async fn an_unknown_message_is_none_if_documented_and_otherwise_an_error() {
    let (_sandbox, courier) = courier().await;
    for id in ["2-unknown", "a/b", "%00", "ü"] {
        assert_eq!(courier.get(id).await.expect("declared"), None);
        assert_eq!(courier.content(id).await.expect("declared"), None);
        assert_eq!(courier.history(id, Some("SENT")).await.expect("declared"), None);

        let errors = [courier.cancel(id).await.err(), courier.resend(id).await.err(), courier.archive(id).await.err()];
        for error in errors.map(|error| error.expect("404 is not declared")) {
            assert!(matches!(error, Error::Status { .. }), "{error:?}");
            assert_eq!(error.status().expect("a response"), 404);
            assert!(error.body_as::<Problem>().expect("a problem").message.ends_with(" not found"), "{error}");
        }
    }
}

#[tokio::test]
async fn the_list_applies_every_filter() {
    let (sandbox, courier) = courier().await;
    let attributes =
        Attributes::new().list("l/1").provider("twilio").tag("a,b").tag("new").tenant_id("acme").trace_id("+7");
    let wanted = sandbox.send_with("ada & co", attributes);
    let _others = [sandbox.send("ada"), sandbox.send("grace")];
    let filter = MessageFilter::new()
        .archived(true)
        .enqueued_after(wanted.enqueued)
        .event(&wanted.event)
        .list("l/1")
        .message_id(&wanted.id)
        .notification(&wanted.notification)
        .provider("sendgrid")
        .provider("twilio")
        .recipient("ada & co")
        .status(MessageStatus::Enqueued)
        .tag("a,b")
        .tags("old,new")
        .tenant_id("acme")
        .trace_id("+7");
    assert_eq!(listed(&courier, &filter).await, std::slice::from_ref(&wanted));
    for other in [filter.clone().trace_id(" 7"), filter.clone().list("l"), filter.recipient("ada")] {
        assert_eq!(listed(&courier, &other).await, [], "{other:?}");
    }
    let later = Timestamp::from_millis(wanted.enqueued.as_millis() + 3_600_000);
    assert_eq!(listed(&courier, &MessageFilter::new().enqueued_after(later)).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn calls_that_wait_do_the_same() {
    let (sandbox, courier) = courier().await;
    let id = sandbox.send("ada").id;
    let resent = courier.resend(&id).wait().expect("declared").message_id;
    assert!(matches!(courier.cancel(&resent).wait(), Ok(Cancellation::Ok(_))));
    assert!(matches!(courier.cancel(&resent).wait(), Ok(Cancellation::Conflict(_))));
    assert_eq!(courier.get(&resent).wait().expect("declared").expect("a message").status, MessageStatus::Canceled);
    assert_eq!(
        courier.history(&resent, Some("CANCELED")).wait().expect("declared").expect("a message").results.len(),
        1
    );
    assert_eq!(courier.content(&id).wait().expect("declared").expect("a message").results.len(), 0);
    courier.archive(&id).wait().expect("declared");
    assert_eq!(ids(&courier.list(None, &MessageFilter::new()).wait().expect("a page").results), [&*resent]);
    assert_eq!(courier.get("2-unknown").wait().expect("declared"), None);
    assert_eq!(courier.archive("2-unknown").wait().expect_err("no such request").status().expect("an answer"), 404);
}

/// The `METHOD target` of a request that has not been sent.
fn line<R>(call: Call<'_, R>) -> String {
    let endpoint = call.endpoint();
    let request = call.into_request().expect("a valid request");
    assert!(request.body().length() == Some(0));
    assert_eq!(Endpoint::of(&request), endpoint);
    format!("{} {}", request.method(), request.uri())
}

#[test]
fn each_endpoint_has_the_documented_method_and_target() {
    let transport = MemoryTransport::new();
    assert_eq!(line(transport.list(None, &MessageFilter::new())), "GET /messages");
    assert_eq!(line(transport.list(Some("MTU4=="), &MessageFilter::new())), "GET /messages?cursor=MTU4%3D%3D");
    assert_eq!(line(transport.get("a/b")), "GET /messages/a%2Fb");
    assert_eq!(line(transport.content(ID)), "GET /messages/1-65f0c0e1/output");
    assert_eq!(line(transport.history(ID, None)), "GET /messages/1-65f0c0e1/history");
    assert_eq!(line(transport.history(ID, Some("SENT"))), "GET /messages/1-65f0c0e1/history?type=SENT");
    assert_eq!(line(transport.cancel(ID)), "POST /messages/1-65f0c0e1/cancel");
    assert_eq!(line(transport.resend(ID)), "POST /messages/1-65f0c0e1/resend");
    assert_eq!(line(transport.archive(ID)), "PUT /requests/1-65f0c0e1/archive");
}

/// A second resend would send a second message.
#[test]
fn cancel_and_archive_are_idempotent_and_resend_is_not() {
    type Memory = MemoryTransport;
    let endpoints = [Memory::cancel_endpoint(), Memory::archive_endpoint(), Memory::resend_endpoint()];
    assert_eq!(endpoints.map(Endpoint::may_be_retried), [true, true, false]);
}

#[test]
fn the_list_sends_all_fourteen_parameters_under_their_documented_names() {
    let filter = MessageFilter::new()
        .archived(false)
        .enqueued_after(Timestamp::from_millis(1_686_752_793_725))
        .event("e")
        .list("l")
        .message_id("m")
        .notification("n")
        .provider("sendgrid")
        .provider("twilio")
        .recipient("r")
        .status(MessageStatus::Opened)
        .status(MessageStatus::from("TELEPORTED"))
        .tag("a,b")
        .tags("c,d")
        .tenant_id("t")
        .trace_id("x");
    assert_eq!(
        line(MemoryTransport::new().list(Some("c"), &filter)),
        "GET /messages?cursor=c&archived=false&enqueued_after=1686752793725&event=e&list=l&messageId=m&notification=n\
         &provider=sendgrid&provider=twilio&recipient=r&status=OPENED&status=TELEPORTED&tag=a%2Cb&tags=c%2Cd\
         &tenant_id=t&traceId=x"
    );
}

#[tokio::test]
async fn a_resend_accepts_any_2xx_and_an_archive_either_of_two_statuses() {
    let resent = r#"{"messageId": "2"}"#;
    for status in [200, 201, 202] {
        assert_eq!(MemoryTransport::new().answer(status, resent).resend(ID).await.expect("2xx").message_id, "2");
    }
    for status in [202, 204] {
        MemoryTransport::new().answer(status, "").archive(ID).await.expect("declared");
    }
    let refused: Result<()> = MemoryTransport::new().answer(200, "").archive(ID).await;
    assert!(matches!(refused, Err(Error::Status { .. })), "that status is not documented");
    let unknown = MemoryTransport::new().answer(404, record("SENT"));
    assert_eq!(unknown.get(ID).await.expect("declared"), None, "the body doesn't matter");
}
