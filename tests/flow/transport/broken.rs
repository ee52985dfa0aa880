//! Broken HTTP: an accurate error or the correct response, and never another call's.

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::TransportErrorKind;
use courier_core::{Error, Result};

use super::transport_error;
use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};
use crate::under_test::Network;

mod connections;
mod framing;
pub(super) mod gzip;
mod heads;
mod resets;

/// The id of another message than [`ID`].
const OTHER: &str = "1-07e2";

pub(super) fn record_of(id: &str) -> String {
    record("CANCELED").replace(ID, id)
}

/// A response with these header lines, each with its line end, and the bytes after the head.
pub(super) fn response(headers: &str, rest: impl AsRef<[u8]>) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), rest.as_ref()].concat()
}

/// The result of a call, and whether the next call reused its connection.
struct Exchange {
    result: Result<Cancellation>,
    is_kept: bool,
}

/// A call that gets this reply, then another on the same client, which always gets its own response.
async fn exchange(reply: Reply) -> Exchange {
    let mut first = Some(reply);
    let mut server = Server::from_fn(move |_| first.take().unwrap_or_else(|| Reply::json(200, record_of(OTHER)))).await;
    let transport = server.transport();
    let result = transport.cancel(ID).await;
    assert_own(&transport, OTHER).await;
    let requests = server.received();
    assert_eq!(requests.len(), 2, "nothing is sent twice");
    Exchange { result, is_kept: requests[1].connection == requests[0].connection }
}

/// Asserts that the call gets its own response.
async fn assert_own(transport: &Network, id: &str) {
    let outcome = transport.cancel(id).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(outcome.details().id, id);
}

/// Asserts that the response is read.
async fn assert_read(what: &str, reply: Reply, is_kept: bool) {
    let exchange = exchange(reply).await;
    let outcome = exchange.result.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(matches!(&outcome, Cancellation::Ok(message) if message.id == ID), "{what}: {outcome:?}");
    assert_eq!(exchange.is_kept, is_kept, "{what}: whether the connection is reused");
}

/// Asserts that the response is refused, with the status if the head was readable, and that the connection is closed.
async fn assert_refused(what: &str, reply: Reply, status: Option<u16>) {
    let exchange = exchange(reply).await;
    assert!(!exchange.is_kept, "{what}: its connection must not be reused");
    assert_fault(what, exchange.result, status);
}

/// Asserts an interrupted response, with the status if the head was readable.
fn assert_fault(what: &str, result: Result<Cancellation>, status: Option<u16>) {
    if let Ok(_) | Err(Error::Status { .. } | Error::Decode { .. } | Error::Timeout { .. }) = &result {
        panic!("{what}: {result:?}");
    }
    let error = transport_error(result);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{what}: {error}");
    assert_eq!(error.status().map(|status| status.as_u16()), status, "{what}: {error}");
    assert!(error.may_have_arrived(), "{what}: the server read the request");
}
