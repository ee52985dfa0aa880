//! A thousand concurrent calls on one client, every tenth of which fails in its own way: each gets its own result.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use courier_core::messages::{Cancellation, Messages as _};
use courier_core::transport::TransportErrorKind;
use courier_core::{Error, Result};
use tokio::sync::Barrier;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::broken::gzip::gzip;
use super::broken::{record_of, response};
use crate::flow::server::{Received, Reply, Server};

const CALLS: usize = 1000;
/// More than any record, and less than the decompressed bombs.
const LIMIT: u64 = 10_000;

/// What the server does with a message, on every attempt.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Cancelled,
    TooLate,
    /// Cancelled, followed by the response to another call.
    CancelledTwice,
    Reset,
    Closed,
    Truncated,
    Garbage,
    ServerError,
    Silence,
    Bomb,
    Page,
    Redirect,
    TwoFrames,
}

impl Fate {
    const FAILURES: [Self; 10] = [
        Self::Reset,
        Self::Closed,
        Self::Truncated,
        Self::Garbage,
        Self::ServerError,
        Self::Silence,
        Self::Bomb,
        Self::Page,
        Self::Redirect,
        Self::TwoFrames,
    ];

    fn of(number: usize) -> Self {
        match number % 10 {
            3 => Self::FAILURES[number / 10 % Self::FAILURES.len()],
            5 => Self::TooLate,
            7 if number % 100 == 7 => Self::CancelledTwice,
            _ => Self::Cancelled,
        }
    }

    fn reply(self, id: &str) -> Reply {
        let record = record_of(id);
        let sized = |length| response(&format!("content-length: {length}\r\n"), &record);
        match self {
            Self::Cancelled => Reply::json(200, record),
            Self::TooLate => Reply::json(409, record),
            Self::CancelledTwice => {
                let other = record_of("nobodys");
                let second = response(&format!("content-length: {}\r\n", other.len()), other);
                Reply::raw([sized(record.len()), second].concat())
            }
            Self::Reset => Reply::raw("HTTP/1.1 20").and_reset(),
            Self::Closed => Reply::silence().and_close(),
            Self::Truncated => Reply::raw(sized(record.len() + 1)).and_close(),
            Self::Garbage => Reply::raw(record),
            Self::ServerError => Reply::json(500, record),
            Self::Silence => Reply::silence(),
            Self::Bomb => Reply::with_headers(200, &["content-encoding: gzip"], gzip(record.repeat(1000))),
            Self::Page => Reply::with_headers(200, &["content-type: text/html"], format!("<html>{id}</html>")),
            Self::Redirect => Reply::with_headers(302, &[&format!("location: /{id}")], ""),
            Self::TwoFrames => {
                Reply::raw(response("content-length: 2\r\ntransfer-encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"))
            }
        }
    }

    fn assert_result(self, id: &str, result: Result<Cancellation>) {
        let status = result.as_ref().err().and_then(Error::status).map(|status| status.as_u16());
        let is_own = |body: &[u8]| std::str::from_utf8(body).is_ok_and(|body| body.contains(id));
        match (self, result) {
            (Self::Cancelled | Self::CancelledTwice, Ok(Cancellation::Ok(message)))
            | (Self::TooLate, Ok(Cancellation::Conflict(message))) => assert_eq!(message.id, id),
            (Self::ServerError, Err(Error::Status { response, .. })) => {
                assert!(response.status() == 500 && is_own(response.body()), "{id}: {response:?}");
            }
            (Self::Redirect, Err(Error::Status { response, .. })) => {
                assert_eq!(response.status(), 302);
                assert_eq!(response.headers()["location"], format!("/{id}"));
            }
            (Self::Page, Err(Error::Decode { response, .. })) => assert!(is_own(response.body()), "{id}: {response:?}"),
            (Self::Silence, Err(Error::Timeout { .. })) => assert_eq!(status, None, "{id}"),
            (Self::Bomb, Err(Error::TooLarge { .. })) => assert_eq!(status, Some(200), "{id}"),
            (Self::Truncated | Self::TwoFrames, Err(Error::Transport { source, .. })) => {
                assert_eq!((source.kind(), status), (TransportErrorKind::Interrupted, Some(200)), "{id}");
            }
            (Self::Reset | Self::Closed | Self::Garbage, Err(Error::Transport { source, .. })) => {
                assert_eq!((source.kind(), status), (TransportErrorKind::Interrupted, None), "{id}");
                assert!(source.may_have_arrived(), "{id}");
            }
            (fate, result) => panic!("{id}: {fate:?} became {result:?}"),
        }
    }
}

fn number(request: &Received) -> (usize, String) {
    let id = request.target().split('/').nth(2).expect("/messages/<id>/cancel");
    (id.trim_start_matches("load-").trim_end_matches('.').parse().expect("load-<number>."), id.to_owned())
}

#[tokio::test]
async fn each_of_a_thousand_concurrent_calls_gets_its_own_response_or_error() {
    // This process opens a file for both ends of each connection.
    rlimit::increase_nofile_limit(8192).expect("files for the connections");
    // The server responds once all calls that get a response are in flight.
    let answered = (0..CALLS).filter(|number| Fate::of(*number) != Fate::Silence).count();
    let (all, mut seen) = (Arc::new(Barrier::new(answered)), HashSet::new());
    let server = Server::from_fn(move |request| {
        let (number, id) = number(request);
        let fate = Fate::of(number);
        let is_first = seen.insert(number);
        if is_first && fate != Fate::Silence { fate.reply(&id).at(&all) } else { fate.reply(&id) }
    })
    .await;
    let courier = server.builder().max_body_bytes(LIMIT).build().expect("a client");

    // Twice: the second thousand runs on the connections that the failures left.
    for _ in 0..2 {
        let mut calls = JoinSet::new();
        for number in 0..CALLS {
            let courier = courier.clone();
            calls.spawn(async move {
                // No id is the prefix of another.
                let id = format!("load-{number}.");
                let call = courier.cancel(&id);
                let is_silent = Fate::of(number) == Fate::Silence;
                let result = if is_silent { call.deadline(Duration::from_millis(300)).await } else { call.await };
                Fate::of(number).assert_result(&id, result);
            });
        }
        let results = timeout(Duration::from_mins(1), calls.join_all()).await.expect("all end in time");
        assert_eq!(results.len(), CALLS);
    }
}
