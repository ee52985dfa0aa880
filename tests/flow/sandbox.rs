//! The whole journey against a sandbox that behaves like Courier.

use courier_core::messages::{Cancellation, MessageDetails, MessageStatus, Messages as _, Problem, Timestamp};
use courier_core::{Courier, Result, Transport, endpoint};
use courier_sandbox::Sandbox;

use super::key_search;
use super::record::ID;
use super::server::KEY;
use crate::under_test::{self, Network};

async fn sandbox() -> (Sandbox, Courier) {
    let sandbox = Sandbox::start().await.expect("a free port");
    key_search::begin();
    let courier = under_test::courier().api_key(KEY).base_url(sandbox.base_url()).build().expect("a client");
    (sandbox, courier)
}

fn message(id: &str, status: MessageStatus) -> MessageDetails {
    MessageDetails::new(id, status, Timestamp::from_millis(1_710_276_833_123), "ada", "welcome", "n1")
}

#[tokio::test]
async fn a_message_in_progress_is_cancelled_and_any_other_is_unchanged() {
    use MessageStatus::{Delayed, Digested, Enqueued, Routed, Throttled};

    let (sandbox, courier) = sandbox().await;
    for status in MessageStatus::KNOWN {
        let placed = message(ID, status.clone());
        sandbox.place(placed.clone());
        let outcome = courier.cancel(ID).await.expect("both statuses are declared");
        if [Enqueued, Routed, Delayed, Throttled, Digested].contains(status) {
            let Cancellation::Ok(cancelled) = outcome else { panic!("{status}: {outcome:?}") };
            assert_eq!(cancelled.status, MessageStatus::Canceled);
            assert_eq!(sandbox.message(ID), Some(cancelled), "{status}: the server has the same record");
        } else {
            let Cancellation::Conflict(unchanged) = outcome else { panic!("{status}: {outcome:?}") };
            assert_eq!(unchanged, placed);
            assert_eq!(sandbox.message(ID), Some(placed));
        }
    }
}

#[tokio::test]
async fn a_second_cancellation_is_a_conflict_with_the_cancelled_message() {
    let (sandbox, courier) = sandbox().await;
    sandbox.place(message(ID, MessageStatus::Enqueued));
    let first = courier.cancel(ID).await.expect("declared").into_ok().expect("in time");
    let second = courier.cancel(ID).await.expect("declared");
    assert!(matches!(second, Cancellation::Conflict(_)), "{second:?}");
    assert_eq!(second.into_ok().expect("cancelled by the first call"), first);
}

#[tokio::test]
async fn a_delivered_message_is_not_reported_as_cancelled() {
    let (sandbox, courier) = sandbox().await;
    sandbox.place(message(ID, MessageStatus::Delivered));
    let outcome = courier.cancel(ID).await.expect("declared");
    assert!(!outcome.is_cancelled());
    let too_late = outcome.into_ok().expect_err("it was delivered");
    assert_eq!(too_late.details().status, MessageStatus::Delivered);
}

#[tokio::test]
async fn an_id_with_reserved_characters_reaches_its_message_and_no_other() {
    let (sandbox, courier) = sandbox().await;
    for id in ["a/b", "a%2Fb", "a b+c", "ü?#", "..%2f", "<message_id>", "a/..a"] {
        sandbox.place(message(id, MessageStatus::Enqueued));
        let cancelled = courier.cancel(id).await.expect("declared").into_ok().expect("in time");
        assert_eq!(cancelled.id, id);
    }
}

#[tokio::test]
async fn an_unknown_message_is_an_error_with_couriers_problem() {
    let (_sandbox, courier) = sandbox().await;
    let error = courier.cancel("2-unknown").await.expect_err("404 is not declared");
    assert_eq!(error.status().expect("a response"), 404);
    let problem: Problem = error.body_as().expect("a problem");
    assert!(!problem.message.is_empty());
}

#[tokio::test]
async fn a_client_without_a_key_is_unauthorized() {
    let (sandbox, _courier) = sandbox().await;
    sandbox.place(message(ID, MessageStatus::Enqueued));
    let anonymous = Network::builder(sandbox.base_url()).build().expect("a client");
    let error = anonymous.cancel(ID).await.expect_err("401 is not declared");
    assert_eq!(error.status().expect("a response"), 401);
    assert!(error.body_as::<Problem>().is_some(), "{error}");
    assert_eq!(sandbox.message(ID).map(|message| message.status), Some(MessageStatus::Enqueued));
}

#[tokio::test]
async fn a_sent_message_can_be_found_and_cancelled() {
    trait Lookup: Transport {
        #[endpoint(GET, "/messages/<id>", some = 200, none = 404)]
        async fn find(&self, id: &str) -> Result<Option<MessageDetails>>;
    }
    impl Lookup for Courier {}

    let (sandbox, courier) = sandbox().await;
    let sent = sandbox.send("ada");
    let found = courier.find(&sent.id).await.expect("declared").expect("it was sent");
    assert_eq!((&found.id, &*found.recipient), (&sent.id, "ada"));
    let Cancellation::Ok(cancelled) = courier.cancel(&sent.id).await.expect("declared") else { panic!("just sent") };
    assert_eq!(courier.find(&sent.id).await.expect("declared"), Some(cancelled));
    assert_eq!(courier.find("2-unknown").await.expect("404 is declared here"), None);
}
