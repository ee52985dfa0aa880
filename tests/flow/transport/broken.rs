//! Broken HTTP: an honest error or a right answer, and never another call's.

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::{ReqwestTransport, TransportErrorKind};
use courier_core::{Error, Result};

use super::transport_error;
use crate::flow::record::{ID, record};
use crate::flow::server::{Reply, Server};

mod connections;
mod framing;
pub(super) mod gzip;
mod heads;
mod resets;

/// The record of another message than [`ID`].
const OTHER: &str = "1-07e2";

pub(super) fn record_of(id: &str) -> String {
    record("CANCELED").replace(ID, id)
}

/// An answer with these header lines, each with its line end, and the bytes that follow the head.
pub(super) fn answer(headers: &str, rest: impl AsRef<[u8]>) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{headers}\r\n").as_bytes(), rest.as_ref()].concat()
}

/// What became of a call, and whether its connection served the next one.
struct Tried {
    result: Result<Cancellation>,
    is_kept: bool,
}

/// A call with this reply, and then another one on the same client, which gets its own answer whatever the first one's was.
async fn tried(reply: Reply) -> Tried {
    let mut first = Some(reply);
    let mut server =
        Server::answering(move |_| first.take().unwrap_or_else(|| Reply::json(200, record_of(OTHER)))).await;
    let transport = server.transport();
    let result = transport.cancel(ID).await;
    assert_own(&transport, OTHER).await;
    let requests = server.received();
    assert_eq!(requests.len(), 2, "nothing is sent twice");
    Tried { result, is_kept: requests[1].connection == requests[0].connection }
}

/// A call gets the answer that it asked for.
async fn assert_own(transport: &ReqwestTransport, id: &str) {
    let outcome = transport.cancel(id).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(outcome.details().id, id);
}

/// It is read as it was meant.
async fn assert_read(what: &str, reply: Reply, is_kept: bool) {
    let tried = tried(reply).await;
    let outcome = tried.result.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(matches!(&outcome, Cancellation::Ok(message) if message.id == ID), "{what}: {outcome:?}");
    assert_eq!(tried.is_kept, is_kept, "{what}: whether the connection is used again");
}

/// It is refused, with the status if the head could be read, and its connection is given up.
async fn assert_refused(what: &str, reply: Reply, status: Option<u16>) {
    let tried = tried(reply).await;
    assert!(!tried.is_kept, "{what}: nobody knows what comes next on its connection");
    assert_fault(what, tried.result, status);
}

/// The error of what is no answer, with the status if the head could be read.
fn assert_fault(what: &str, result: Result<Cancellation>, status: Option<u16>) {
    if let Ok(_) | Err(Error::Status { .. } | Error::Decode { .. } | Error::Timeout { .. }) = &result {
        panic!("{what}: {result:?}");
    }
    let error = transport_error(result);
    assert_eq!(error.kind(), TransportErrorKind::Interrupted, "{what}: {error}");
    assert_eq!(error.status().map(|status| status.as_u16()), status, "{what}: {error}");
    assert!(error.may_have_arrived(), "{what}: the request was read, and may have been acted on");
}
