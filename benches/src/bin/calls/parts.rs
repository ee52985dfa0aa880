//! The parts of a call, without a network: over transports that have the response ready.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use courier_benches::measure::valgrind;
use courier_benches::progress::Progress;
use courier_benches::table::{self, thousands};
use courier_core::messages::{self, MessageDetails};
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{MemoryTransport, Request, Response, Transport};
use serde::de::DeserializeOwned;

use crate::messages::{Cancellation, ID, MESSAGE, Message, Messages as _};

/// A name, what is done under it, and a description.
type Work = (&'static str, fn(), &'static str);

const WORK: [Work; 10] = [
    ("request", || _ = black_box(Ready(200, MESSAGE).cancel(ID).request()), "build the request of `cancel`"),
    ("send", || send(MESSAGE), "build and send it; the response is ready"),
    ("cancel", || _ = black_box(cancel(&Ready(200, MESSAGE))), "the same, and read the outcome: `cancel` itself"),
    ("json", || parse::<Message>(MESSAGE), "`serde_json::from_str` of the same record"),
    ("details", || details(RECORD), "`cancel` of `courier_core::messages`, with a whole record"),
    ("details-json", || parse::<MessageDetails>(RECORD), "`serde_json::from_str` of the same record"),
    ("memory", || _ = black_box(memory(200, MESSAGE)), "make a `MemoryTransport` with a response"),
    ("memory-cancel", || _ = black_box(cancel(&memory(200, MESSAGE))), "the same, and `cancel`: one outcome of two"),
    ("memory-get", || _ = black_box(ready(memory(200, MESSAGE).get(ID))), "the same with `get`: one outcome"),
    ("memory-delete", || _ = black_box(ready(memory(204, "").delete(ID))), "the same with `delete`: no content"),
];

/// A record of the API, with every field.
const RECORD: &str = r#"{"id": "1-65f0c0e1-2a3b4c5d6e7f8a9b0c1d2e3f", "status": "CANCELED", "enqueued": 1732366800000,
"sent": 1732366801000, "delivered": 1732366802000, "opened": 1732366803000, "clicked": 1732366804000, "recipient": "ada",
"event": "welcome", "notification": "Q2V3E8RN9V4YN1KJ1W9SJ1N8H3YC", "error": "mailbox full", "reason": "BOUNCED"}"#;

/// Responds at once with this status and body.
struct Ready(u16, &'static str);

impl Transport for Ready {
    fn inner(&self) -> Option<&dyn Transport> {
        None
    }

    fn send(&self, _: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let Self(status, body) = *self;
        Box::pin(async move {
            let mut response = Response::new(Bytes::from_static(body.as_bytes()).into());
            *response.status_mut() = status.try_into().expect("a status");
            Ok(response)
        })
    }
}

fn send(body: &'static str) {
    let transport = Ready(200, body);
    let request = transport.cancel(ID).into_request().expect("a request");
    black_box(ready(transport.send(request)).expect("a response"));
}

fn cancel(transport: &impl Transport) -> Message {
    match ready(transport.cancel(ID)) {
        Ok(Cancellation::Ok(message)) => message,
        Ok(Cancellation::Conflict(_)) => panic!("a conflict"),
        Err(error) => panic!("{error}"),
    }
}

fn details(body: &'static str) {
    let cancellation = ready(messages::Messages::cancel(&Ready(200, body), ID)).expect("an outcome");
    black_box(cancellation.into_ok().expect("cancelled"));
}

fn parse<T: DeserializeOwned>(json: &str) {
    black_box(serde_json::from_str::<T>(black_box(json)).expect("JSON"));
}

fn memory(status: u16, body: &'static str) -> MemoryTransport {
    // One for each call: the list of requests that it records doesn't grow.
    MemoryTransport::new().answer(status, body)
}

/// The output of a future that never waits.
fn ready<T>(call: impl IntoFuture<Output = T>) -> T {
    match pin!(call.into_future()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the transport responds at once"),
    }
}

/// Prints what each of these costs, and what an outcome costs compared with its record alone.
pub fn print() -> Result<()> {
    let mut progress = Progress::new(WORK.len());
    let mut costs = BTreeMap::new();
    for (name, ..) in WORK {
        progress.step(&format!("{name}: counting"));
        costs.insert(name, valgrind::cost(&["part", name])?);
    }
    drop(progress);
    let row = |(name, _, description): Work| {
        let cost = &costs[name];
        vec![description.into(), thousands(cost.instructions), format!("{:.1}", cost.allocations)]
    };
    let rows: Vec<_> = WORK.into_iter().map(row).collect();
    table::print("The parts of a call, counted by valgrind", &["", "instructions", "allocations"], &rows);
    println!();
    for (call, json, record) in [("cancel", "json", "the record"), ("details", "details-json", "the whole record")] {
        let outcome = costs[call].instructions - costs["send"].instructions;
        let (outcome, ratio) = (thousands(outcome), outcome / costs[json].instructions);
        println!("From the response to the outcome with {record}: {outcome} instructions, {ratio:.2} × `serde_json`.");
    }
    Ok(())
}

/// Does the work with this name.
pub fn work(name: &str, times: u64) -> Result<()> {
    let (_, work, _) = WORK.iter().find(|(own, ..)| *own == name).with_context(|| format!("unknown work: {name}"))?;
    (0..times).for_each(|_| work());
    Ok(())
}
