//! After a response's head came, every error has its status and its headers: a request id is what support asks for.

use std::time::Duration;

use courier_core::messages::Messages as _;
use courier_core::transport::{TimeLimit, TransportErrorKind};
use courier_core::{Courier, Error};

use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};
use crate::under_test;

const HEAD: &str = "HTTP/1.1 200 OK\r\nx-request-id: 7f3c\r\n";

async fn error_of(reply: Reply, client: impl FnOnce(&Server) -> Courier) -> Error {
    let server = Server::start([reply]).await;
    let error = client(&server).cancel(ID).await.expect_err("no whole response");
    assert_eq!(error.status().expect("its head came"), 200);
    assert_eq!(error.headers().expect("its head came")["x-request-id"], "7f3c", "{error}");
    assert!(!error.is_connect());
    error
}

#[tokio::test]
async fn an_error_after_the_head_has_its_headers() {
    let limit = Duration::from_millis(100);
    let silent = || Reply::raw(format!("{HEAD}content-length: 100\r\n\r\n{{"));
    let error = error_of(silent(), |server| server.builder().attempt_timeout(limit).build().expect("a client")).await;
    assert!(error.is_timeout(), "{error}");
    let error = error_of(silent(), |server| server.builder().deadline(limit).build().expect("a client")).await;
    let Error::Timeout { source, .. } = &error else { panic!("{error:?}") };
    assert!(error.is_timeout() && source.is_timeout() && source.to_string().contains("`deadline`"), "{error}");
    assert!(matches!(source.kind(), TransportErrorKind::Timeout { limit: TimeLimit::Deadline, .. }));

    let cut = Reply::raw(format!("{HEAD}content-length: 100\r\n\r\n{{")).and_close();
    assert!(!error_of(cut, Server::courier).await.is_timeout());
    let large = Reply::raw(format!("{HEAD}content-length: 100\r\n\r\n{}", "x".repeat(100)));
    let error = error_of(large, |server| server.builder().max_body_bytes(9).build().expect("a client")).await;
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
    let unclear = Reply::raw(format!("{HEAD}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n"));
    error_of(unclear, Server::courier).await;
    error_of(Reply::raw(format!("{HEAD}content-length: 2\r\n\r\n{{}}")), Server::courier).await;
}

#[tokio::test]
async fn an_attempt_has_no_headers_of_the_one_before() {
    let busy = Reply::raw("HTTP/1.1 429 Slow Down\r\nx-request-id: first\r\ncontent-length: 0\r\n\r\n");
    let server = Server::start([busy, Reply::silence()]).await;
    let courier = server.builder().attempt_timeout(Duration::from_millis(100)).build().expect("a client");
    let error = courier.cancel(ID).max_attempts(2).await.expect_err("the second is silent");
    assert!(error.is_timeout() && error.status().is_none() && error.headers().is_none(), "{error:?}");
    let server = Server::start([Reply::json(200, record("CANCELED"))]).await;
    let _cancelled = server.courier().cancel(ID).await.expect("a whole response");
}

#[tokio::test]
async fn an_error_says_whether_there_was_a_connection() {
    let nobody = under_test::courier().api_key("key").base_url("http://127.0.0.1:1").max_attempts(1).build();
    let error = nobody.expect("a client").cancel(ID).await.expect_err("nobody listens");
    assert!(error.is_connect() && !error.is_timeout() && error.headers().is_none(), "{error}");
}
