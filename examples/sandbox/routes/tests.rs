use courier_core::messages::{MessageDetails, MessageStatus, Messages as _};
use courier_core::{Error, ReqwestTransport, Result, Transport, endpoint};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;
use crate::Sandbox;
use crate::record::with_status;

trait Requests: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn message(&self, id: &str) -> Result<MessageDetails>;

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

fn told(error: &Error) -> (u16, Problem) {
    let status = error.status().expect("an answer").as_u16();
    (status, error.body_as().unwrap_or_else(|| panic!("no problem body: {error}")))
}

fn header_of<'e>(error: &'e Error, name: &str) -> &'e str {
    let headers = error.response().expect("an answer").headers();
    headers.get(name).and_then(|value| value.to_str().ok()).expect(name)
}

#[tokio::test]
async fn a_message_is_cancelled_once_and_answered_with_its_record() {
    let (sandbox, client) = sandbox().await;
    let sent = sandbox.send("ada");
    let canceled = with_status(sent.clone(), MessageStatus::Canceled);

    assert_eq!(client.message(&sent.id).await.expect("the record"), sent);
    assert_eq!(client.cancel(&sent.id).await.expect("in time"), Cancellation::Ok(canceled.clone()));
    assert_eq!(client.cancel(&sent.id).await.expect("too late"), Cancellation::Conflict(canceled.clone()));
    assert_eq!(client.message(&sent.id).await.expect("the record"), canceled);
}

#[tokio::test]
async fn a_message_that_was_sent_meanwhile_can_not_be_cancelled() {
    let (sandbox, client) = sandbox().await;
    let id = sandbox.send("ada").id;
    tokio::time::pause();
    tokio::time::advance(Sandbox::PACE * 2).await;
    tokio::time::resume();

    let Cancellation::Conflict(sent) = client.cancel(&id).await.expect("an outcome") else {
        panic!("it was sent");
    };
    assert_eq!(sent.status, MessageStatus::Sent);
    assert_eq!(client.message(&id).await.expect("the record"), sent);
}

#[tokio::test]
async fn of_many_cancellations_at_once_one_is_in_time() {
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
async fn without_a_key_nothing_is_told_but_that() {
    let (sandbox, _) = sandbox().await;
    let sent = sandbox.send("ada");
    let without = ReqwestTransport::builder(sandbox.base_url()).build().expect("a client");
    let expected = (401, Problem::new("Unauthorized: no bearer key", "authentication_error"));

    for authorization in ["Bearer", "Bearer ", "Basic YTpi", "any", "Bearerany"] {
        let error = without.cancel(&sent.id).header("authorization", authorization).await.expect_err("no key");
        assert_eq!(told(&error), expected, "{authorization}");
    }
    let error = without.cancel(&sent.id).await.expect_err("no key");
    assert_eq!(header_of(&error, "www-authenticate"), "Bearer");
    assert_eq!(told(&without.message("unknown").await.expect_err("no key")), expected);
    assert_eq!(told(&without.delete_message(&sent.id).await.expect_err("no key")), expected);
    assert_eq!(told(&without.elsewhere().await.expect_err("no key")), expected);
    assert_eq!(sandbox.message(&sent.id).map(|details| details.status), Some(MessageStatus::Enqueued));
}

#[tokio::test]
async fn what_is_not_there_is_a_404_that_says_what() {
    let (_sandbox, client) = sandbox().await;
    let not_found = |message: &str| (404, Problem::new(message, "invalid_request_error"));

    assert_eq!(told(&client.cancel("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(told(&client.message("unknown").await.expect_err("404")), not_found("Message not found"));
    assert_eq!(told(&client.elsewhere().await.expect_err("404")), not_found("No such route: GET /elsewhere"));
}

#[tokio::test]
async fn an_id_that_is_not_utf8_is_that_of_no_message() {
    let (sandbox, _) = sandbox().await;
    let mut connection = TcpStream::connect(sandbox.address()).await.expect("a server that listens");
    let request =
        b"GET /messages/%ff HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer any\r\nconnection: close\r\n\r\n";
    connection.write_all(request).await.expect("a server that reads");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("an answer in UTF-8");
    assert!(answer.starts_with("HTTP/1.1 404") && answer.contains("Message not found"), "{answer}");
}

#[tokio::test]
async fn a_wrong_method_is_a_405_that_names_the_right_one() {
    let (sandbox, client) = sandbox().await;
    let error = client.delete_message(&sandbox.send("ada").id).await.expect_err("405");
    assert_eq!(told(&error).0, 405);
    assert_eq!(header_of(&error, "allow"), "GET,HEAD");
}

#[tokio::test]
async fn an_id_is_read_as_the_segment_that_it_is() {
    let (sandbox, client) = sandbox().await;
    for id in ["a/b", "a%2Fb", "grüß dich", "cancel", "1?x=y#z", "a+b", "\0", "..;"] {
        let mut details = sandbox.send("ada");
        id.clone_into(&mut details.id);
        sandbox.place(details);
        assert_eq!(client.message(id).await.expect(id).id, id);
        assert!(matches!(client.cancel(id).await.expect(id), Cancellation::Ok(details) if details.id == id));
    }
}
