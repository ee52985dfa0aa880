use axum::body::Bytes;
use courier_core::messages::{
    HistoryEvent, Message, MessageContent, MessageFilter, MessageHistory, MessagePage, MessageStatus, Resent, Timestamp,
};
use courier_core::{Body, Error, ReqwestTransport, Result, Transport, endpoint};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::record::with_status;
use crate::{Attributes, Sandbox};

/// Declares only the expected statuses. Any other status is an error that a test can inspect.
trait Requests: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn message(&self, id: &str) -> Result<Message>;

    #[endpoint(GET, "/messages/<id>/output", ok = 200)]
    async fn output(&self, id: &str) -> Result<MessageContent>;

    #[endpoint(GET, "/messages/<id>/history", ok = 200)]
    async fn history(&self, id: &str) -> Result<MessageHistory>;

    #[endpoint(POST, "/messages/<id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, id: &str) -> Result<Cancellation>;

    #[endpoint(POST, "/messages/<id>/resend", ok = 200)]
    async fn resend(&self, id: &str) -> Result<Resent>;

    #[endpoint(PUT, "/requests/<id>/archive", archived = 204)]
    async fn archive(&self, id: &str) -> Result<()>;

    #[endpoint(DELETE, "/messages/<id>", ok = 204)]
    async fn delete_message(&self, id: &str) -> Result<()>;

    #[endpoint(GET, "/elsewhere", ok = 200)]
    async fn elsewhere(&self) -> Result<()>;
}
impl<T: Transport> Requests for T {}

async fn sandbox() -> (Sandbox, ReqwestTransport) {
    let sandbox = Sandbox::start().await.expect("a free port");
    let client = ReqwestTransport::builder(sandbox.base_url()).bearer_token("any").build().expect("a client");
    (sandbox, client)
}

/// Sends a GET request to exactly this target.
async fn get(client: &ReqwestTransport, target: &str) -> (u16, Bytes) {
    let request = Request::builder().uri(target).body(Body::empty()).expect("a request");
    let (parts, body) = client.send(request).await.expect("a response").into_parts();
    (parts.status.as_u16(), body.as_bytes().expect("a whole body").clone())
}

async fn list(client: &ReqwestTransport, filter: &MessageFilter) -> MessagePage {
    page(client, &serde_html_form::to_string(filter).expect("pairs")).await
}

async fn page(client: &ReqwestTransport, query: &str) -> MessagePage {
    let (status, body) = get(client, &format!("/messages?{query}")).await;
    assert_eq!(status, 200, "{query}");
    serde_json::from_slice(&body).expect("a page")
}

fn kinds(history: &MessageHistory) -> Vec<&str> {
    history.results.iter().filter_map(HistoryEvent::kind).collect()
}

/// Moves the messages without triggering the client's timeouts.
async fn pass(steps: u32) {
    tokio::time::pause();
    tokio::time::advance(Sandbox::PACE * steps).await;
    tokio::time::resume();
}

fn problem_of(error: &Error) -> (u16, Problem) {
    let status = error.status().expect("a response").as_u16();
    (status, error.body_as().unwrap_or_else(|| panic!("not a problem: {error}")))
}

fn header_of<'e>(error: &'e Error, name: &str) -> &'e str {
    let headers = error.response().expect("a response").headers();
    headers.get(name).and_then(|value| value.to_str().ok()).expect(name)
}

#[tokio::test]
async fn a_message_is_cancelled_once_and_every_response_holds_its_record() {
    let (sandbox, client) = sandbox().await;
    let sent = sandbox.send("ada");
    let canceled = with_status(sent.clone(), MessageStatus::Canceled);

    assert_eq!(client.message(&sent.id).await.expect("the record").details, sent);
    assert_eq!(client.cancel(&sent.id).await.expect("in time"), Cancellation::Ok(canceled.clone()));
    assert_eq!(client.cancel(&sent.id).await.expect("too late"), Cancellation::Conflict(canceled.clone()));
    assert_eq!(client.message(&sent.id).await.expect("the record").details, canceled);
}

#[tokio::test]
async fn a_message_that_was_sent_cannot_be_cancelled() {
    let (sandbox, client) = sandbox().await;
    let id = sandbox.send("ada").id;
    pass(2).await;

    let Cancellation::Conflict(sent) = client.cancel(&id).await.expect("an outcome") else {
        panic!("it was sent");
    };
    assert_eq!(sent.status, MessageStatus::Sent);
    assert_eq!(client.message(&id).await.expect("the record").details, sent);
}

#[tokio::test]
async fn a_cancelled_message_is_listed_as_cancelled_and_its_history_says_when() {
    let (sandbox, client) = sandbox().await;
    let id = sandbox.send("ada").id;
    let _other = sandbox.send("ada");
    pass(1).await;
    let Cancellation::Ok(canceled) = client.cancel(&id).await.expect("an outcome") else {
        panic!("it was only routed");
    };

    let page = list(&client, &MessageFilter::new().status(MessageStatus::Canceled)).await;
    assert_eq!(page.results, [canceled]);
    pass(5).await;
    let history = client.history(&id).await.expect("its history");
    assert_eq!(kinds(&history), ["ENQUEUED", "ROUTED", "CANCELED"]);
    let moments: Vec<_> = history.results.iter().map(HistoryEvent::timestamp).collect();
    assert!(moments[0].is_some() && moments.is_sorted() && moments[0] < moments[1], "{moments:?}");
}

#[tokio::test]
async fn the_history_grows_with_the_message_and_can_be_filtered_by_type() {
    let (sandbox, client) = sandbox().await;
    let id = sandbox.send("ada").id;
    assert_eq!(kinds(&client.history(&id).await.expect("its history")), ["ENQUEUED"]);
    pass(3).await;
    let whole = client.history(&id).await.expect("its history");
    assert_eq!(kinds(&whole), ["ENQUEUED", "ROUTED", "SENT", "DELIVERED"]);

    for (query, expected) in [("type=SENT", &whole.results[2..3]), ("type=CLICKED", &[]), ("", &whole.results)] {
        let (status, body) = get(&client, &format!("/messages/{id}/history?{query}")).await;
        let history: MessageHistory = serde_json::from_slice(&body).expect("a history");
        assert_eq!((status, &*history.results), (200, expected), "{query}");
    }
    assert_eq!(get(&client, &format!("/messages/{id}/history?type=SENT&type=OPENED")).await.0, 400);
}

#[tokio::test]
async fn a_message_has_a_provider_and_content_once_it_is_routed() {
    let (sandbox, client) = sandbox().await;
    let id = sandbox.send("ada").id;
    assert_eq!(client.message(&id).await.expect("the record").providers, None);
    assert_eq!(client.output(&id).await.expect("its content").results, []);
    pass(3).await;
    let message = client.message(&id).await.expect("the record");
    let provider = &message.providers.as_deref().expect("a provider")[0];
    assert_eq!((&provider["provider"], &provider["status"]), (&"sendgrid".into(), &"DELIVERED".into()));
    assert_eq!(Some(&provider["sent"]), serde_json::to_value(message.sent).ok().as_ref());
    let content = client.output(&id).await.expect("its content");
    assert_eq!((&*content.results[0].channel, &*content.results[0].content.text), ("email", "Hello, ada!"));
}

#[tokio::test]
async fn a_resend_is_a_new_message_to_the_same_recipient() {
    let (sandbox, client) = sandbox().await;
    let first = sandbox.deliver("ada");
    let id = client.resend(&first.id).await.expect("resent").message_id;
    let page = list(&client, &MessageFilter::new().recipient("ada")).await;
    let [again, old] = &page.results[..] else { panic!("two messages: {page:?}") };
    assert_eq!((&again.id, old), (&id, &first));
    assert_ne!(id, first.id);
    assert_eq!((&again.status, again.sent), (&MessageStatus::Enqueued, None));
    assert_eq!((&again.event, &again.notification), (&first.event, &first.notification));
}

#[tokio::test]
async fn an_archived_message_is_listed_only_on_request_and_can_still_be_read() {
    let (sandbox, client) = sandbox().await;
    let message = sandbox.deliver("ada");
    for _ in 0..2 {
        client.archive(&message.id).await.expect("no content");
    }
    assert_eq!(page(&client, "").await.results, []);
    assert_eq!(page(&client, "archived=false").await.results, []);
    assert_eq!(page(&client, "archived=true").await.results, [&message].map(Clone::clone));
    assert_eq!(client.message(&message.id).await.expect("the record").details, message);
}

#[tokio::test]
async fn every_parameter_of_the_list_selects_the_matching_message() {
    let (sandbox, client) = sandbox().await;
    let mut details = sandbox.deliver("ada");
    details.event = "invoice".to_owned();
    details.notification = "invoice-email".to_owned();
    details.enqueued = Timestamp::from_millis(details.enqueued.as_millis() + 60_000);
    let attributes =
        Attributes::new().list("customers").provider("twilio").tag("vip").tenant_id("acme").trace_id("1a3b");
    sandbox.place_with(details.clone(), attributes);
    let _other = sandbox.send_with("grace", Attributes::new().tag("new"));

    let filter = MessageFilter::new;
    for filter in [
        filter().enqueued_after(details.enqueued),
        filter().event("invoice"),
        filter().list("customers"),
        filter().message_id(&details.id),
        filter().notification("invoice-email"),
        filter().provider("slack").provider("twilio"),
        filter().recipient("ada"),
        filter().status(MessageStatus::Opened).status(MessageStatus::Delivered),
        filter().tag("old").tag("vip"),
        filter().tags("old,vip"),
        filter().tenant_id("acme"),
        filter().trace_id("1a3b"),
    ] {
        assert_eq!(list(&client, &filter).await.results, [&details].map(Clone::clone), "{filter:?}");
    }
    assert_eq!(list(&client, &filter()).await.results.len(), 2);
    assert_eq!(list(&client, &filter().tag("vip").recipient("grace")).await.results, []);
}

#[tokio::test]
async fn a_list_is_read_page_by_page_newest_first() {
    let (sandbox, client) = sandbox().await;
    let sandbox = sandbox.with_page_size(2);
    let mut expected: Vec<_> = (0..5).map(|_| sandbox.send("ada").id).collect();
    expected.reverse();

    let mut found = Vec::new();
    let mut query = String::new();
    loop {
        let page = page(&client, &query).await;
        found.extend(page.results.iter().map(|details| details.id.clone()));
        let Some(cursor) = page.paging.next_cursor() else { break };
        assert_eq!(page.results.len(), 2);
        query = serde_html_form::to_string([("cursor", cursor)]).expect("a pair");
        let _newer = sandbox.send("grace");
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn an_invalid_query_is_a_400_that_says_why() {
    let (_sandbox, client) = sandbox().await;
    for (query, why) in [("cursor=x", "Invalid cursor: "), ("archived=maybe", "Invalid query: ")] {
        let (status, body) = get(&client, &format!("/messages?{query}")).await;
        let problem: Problem = serde_json::from_slice(&body).expect("a problem");
        assert_eq!((status, problem.kind.as_deref()), (400, Some("invalid_request_error")));
        assert!(problem.message.starts_with(why), "{problem}");
    }
}

#[tokio::test]
async fn exactly_one_of_many_concurrent_cancellations_is_in_time() {
    let (sandbox, client) = sandbox().await;
    let id = sandbox.send("ada").id;
    let calls: Vec<_> = (0..16)
        .map(|_| {
            let (client, id) = (client.clone(), id.clone());
            tokio::spawn(async move { client.cancel(&id).await })
        })
        .collect();
    let mut in_time = 0;
    for call in calls {
        let outcome = call.await.expect("no panic").expect("an outcome");
        in_time += usize::from(matches!(outcome, Cancellation::Ok(_)));
    }
    assert_eq!(in_time, 1);
}

#[tokio::test]
async fn without_a_key_every_request_is_a_401() {
    let (sandbox, _) = sandbox().await;
    let sent = sandbox.send("ada");
    let without = ReqwestTransport::builder(sandbox.base_url()).build().expect("a client");
    let expected = (401, Problem::new("Unauthorized: no bearer key", "authentication_error"));

    for authorization in ["Bearer", "Basic YTpi", "any", "Bearerany"] {
        let error = without.cancel(&sent.id).header("authorization", authorization).await.expect_err("no key");
        assert_eq!(problem_of(&error), expected, "{authorization}");
    }
    let error = without.cancel(&sent.id).await.expect_err("no key");
    assert_eq!(header_of(&error, "www-authenticate"), "Bearer");
    assert_eq!(problem_of(&without.message("unknown").await.expect_err("no key")), expected);
    assert_eq!(problem_of(&without.delete_message(&sent.id).await.expect_err("no key")), expected);
    assert_eq!(problem_of(&without.elsewhere().await.expect_err("no key")), expected);
    assert_eq!(sandbox.message(&sent.id).map(|details| details.status), Some(MessageStatus::Enqueued));
}

#[tokio::test]
async fn a_404_says_what_was_not_found() {
    let (_sandbox, client) = sandbox().await;
    let not_found = |message: &str| (404, Problem::new(message, "invalid_request_error"));

    assert_eq!(problem_of(&client.cancel("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(problem_of(&client.message("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(problem_of(&client.output("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(problem_of(&client.history("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(problem_of(&client.resend("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(problem_of(&client.archive("unknown").await.expect_err("404")), not_found("Request not found"));
    assert_eq!(problem_of(&client.elsewhere().await.expect_err("404")), not_found("No such route: GET /elsewhere"));
}

#[tokio::test]
async fn an_id_that_is_not_utf8_is_not_found() {
    let (sandbox, _) = sandbox().await;
    let mut connection = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
    let request =
        b"GET /messages/%ff HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer any\r\nconnection: close\r\n\r\n";
    connection.write_all(request).await.expect("a server that reads");
    let mut response = String::new();
    connection.read_to_string(&mut response).await.expect("a response in UTF-8");
    assert!(response.starts_with("HTTP/1.1 404") && response.contains("Message not found"), "{response}");
}

#[tokio::test]
async fn a_wrong_method_is_a_405_that_names_the_allowed_ones() {
    let (sandbox, client) = sandbox().await;
    let error = client.delete_message(&sandbox.send("ada").id).await.expect_err("405");
    assert_eq!(problem_of(&error).0, 405);
    assert_eq!(header_of(&error, "allow"), "GET,HEAD");
}

#[tokio::test]
async fn an_id_is_one_segment_and_decoded_once() {
    let (sandbox, client) = sandbox().await;
    for id in ["a/b", "a%2Fb", "grüß dich", "cancel", "1?x=y#z", "a+b", "\0", "..;"] {
        let mut details = sandbox.send("ada");
        id.clone_into(&mut details.id);
        sandbox.place(details);
        assert_eq!(client.message(id).await.expect(id).id, id);
        assert!(matches!(client.cancel(id).await.expect(id), Cancellation::Ok(details) if details.id == id));
    }
}
