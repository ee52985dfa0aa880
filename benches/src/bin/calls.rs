//! What a plain call costs: its instructions and allocations, over a transport without I/O.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Result, bail};
use courier_benches::measure::valgrind;
use courier_benches::table::{self, thousands};
use courier_core::{MemoryTransport, Transport, endpoint};
use serde::Deserialize;

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Message {
    id: String,
    status: String,
    enqueued: Option<i64>,
    recipient: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Problem {
    message: String,
}

enum Cancellation {
    Ok(Message),
    #[expect(dead_code, reason = "only decoded")]
    Conflict(Problem),
}

trait Messages: Transport {
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> courier_core::Result<Cancellation>;

    #[endpoint(GET, "/messages/<message_id>", ok = 200)]
    async fn get(&self, message_id: &str) -> courier_core::Result<Message>;

    #[endpoint(DELETE, "/messages/<message_id>", ok = 204)]
    async fn delete(&self, message_id: &str) -> courier_core::Result<()>;
}
impl<T: Transport + ?Sized> Messages for T {}

const ID: &str = "1-65f0c0e1";
const MESSAGE: &str = r#"{"id": "1-65f0c0e1", "status": "CANCELED", "enqueued": 1732366800000, "recipient": "ada"}"#;

/// A name, what is done under it, and a description.
type Work = (&'static str, fn(&MemoryTransport), &'static str);

const WORK: [Work; 5] = [
    ("nothing", |_| {}, "nothing: a `MemoryTransport` with a response is made, as in the rows below"),
    ("request", |transport| _ = black_box(transport.cancel(ID).request()), "`cancel`: build the request only"),
    ("cancel", |transport| _ = black_box(cancel(transport)), "`cancel`: one outcome of two, JSON"),
    ("get", |transport| _ = black_box(ready(transport.get(ID)).expect("a message")), "`get`: one outcome, JSON"),
    ("delete", |transport| ready(transport.delete(ID)).expect("no content"), "`delete`: no content"),
];

fn cancel(transport: &MemoryTransport) -> Message {
    match ready(transport.cancel(ID)) {
        Ok(Cancellation::Ok(message)) => message,
        Ok(Cancellation::Conflict(_)) => panic!("a conflict"),
        Err(error) => panic!("{error}"),
    }
}

/// The output of a call that never waits.
fn ready<T>(call: impl IntoFuture<Output = T>) -> T {
    match pin!(call.into_future()).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the transport responds at once"),
    }
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [] => print(),
        // What valgrind runs.
        [name, times] => work(name, times.parse()?),
        _ => bail!("usage: calls"),
    }
}

fn print() -> Result<()> {
    let mut rows = Vec::new();
    for (name, _, description) in WORK {
        let cost = valgrind::cost(&[name])?;
        rows.push(vec![description.into(), thousands(cost.instructions), format!("{:.1}", cost.allocations)]);
    }
    table::print("A call over `MemoryTransport`, counted by valgrind", &["", "instructions", "allocations"], &rows);
    Ok(())
}

fn work(name: &str, times: u64) -> Result<()> {
    let Some((_, work, _)) = WORK.iter().find(|(own, ..)| *own == name) else { bail!("unknown work: {name}") };
    let (status, body) = if name == "delete" { (204, "") } else { (200, MESSAGE) };
    for _ in 0..times {
        // A transport for each call: the list of requests that it records doesn't grow.
        work(&MemoryTransport::new().answer(status, body));
    }
    Ok(())
}
