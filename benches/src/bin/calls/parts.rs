//! The parts of a call, without a network: over transports that have the response ready.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Context as _, Result};
use bytes::Bytes;
use courier_benches::measure::valgrind::{self, Cost};
use courier_benches::table::{self, thousands};
use courier_core::transport::{BoxFuture, TransportError};
use courier_core::{MemoryTransport, Request, Response, Transport};

use crate::messages::{Cancellation, ID, MESSAGE, Message, Messages as _};

/// A name, what is done under it, and a description.
type Work = (&'static str, fn(), &'static str);

const WORK: [Work; 8] = [
    ("request", || _ = black_box(Ready(200, MESSAGE).cancel(ID).request()), "build the request of `cancel`"),
    ("send", send, "the same, and send it to a transport that returns a response at once"),
    ("outcome", || _ = black_box(cancel(&Ready(200, MESSAGE))), "the same, and read its outcome: one of two, JSON"),
    (
        "serde_json",
        || _ = black_box(serde_json::from_str::<Message>(black_box(MESSAGE))),
        "`serde_json::from_str` alone",
    ),
    ("memory", || _ = black_box(memory(200, MESSAGE)), "make a `MemoryTransport` with a response"),
    ("cancel", || _ = black_box(cancel(&memory(200, MESSAGE))), "the same, and `cancel`: one outcome of two, JSON"),
    (
        "get",
        || _ = black_box(ready(memory(200, MESSAGE).get(ID)).expect("a message")),
        "the same with `get`: one outcome, JSON",
    ),
    ("delete", || ready(memory(204, "").delete(ID)).expect("no content"), "the same with `delete`: no content"),
];

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

fn send() {
    let transport = Ready(200, MESSAGE);
    let request = transport.cancel(ID).into_request().expect("a request");
    black_box(ready(transport.send(request)).expect("a response"));
}

fn memory(status: u16, body: &'static str) -> MemoryTransport {
    MemoryTransport::new().answer(status, body)
}

fn cancel(transport: &impl Transport) -> Message {
    match ready(transport.cancel(ID)) {
        Ok(Cancellation::Ok(message)) => message,
        Ok(Cancellation::Conflict(_)) => panic!("a conflict"),
        Err(error) => panic!("{error}"),
    }
}

/// The output of a future that never waits.
fn ready<T>(call: impl IntoFuture<Output = T>) -> T {
    match pin!(call.into_future()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the transport responds at once"),
    }
}

/// Prints what each of these costs, and reading an outcome compared with reading the same JSON.
pub fn print() -> Result<()> {
    let cost = |name| valgrind::cost(&["part", name]);
    let row = |description: &str, cost: &Cost| {
        vec![description.into(), thousands(cost.instructions), format!("{:.1}", cost.allocations)]
    };
    let mut rows = Vec::new();
    for (name, _, description) in WORK {
        rows.push(row(description, &cost(name)?));
    }
    table::print("The parts of a call, counted by valgrind", &["", "instructions", "allocations"], &rows);
    let (send, outcome, serde_json) = (cost("send")?, cost("outcome")?, cost("serde_json")?);
    let own = outcome.instructions - send.instructions;
    println!(
        "\nFrom the response to the outcome: {}, {:.2} × serde_json",
        thousands(own),
        own / serde_json.instructions
    );
    Ok(())
}

/// Does the work with this name.
pub fn work(name: &str, times: u64) -> Result<()> {
    let (_, work, _) = WORK.iter().find(|(own, ..)| *own == name).with_context(|| format!("unknown work: {name}"))?;
    (0..times).for_each(|_| work());
    Ok(())
}
