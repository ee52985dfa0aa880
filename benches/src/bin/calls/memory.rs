//! Calls over a transport without I/O.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Result, bail};
use courier_benches::measure::valgrind;
use courier_benches::table::{self, thousands};
use courier_core::MemoryTransport;

use crate::messages::{Cancellation, ID, MESSAGE, Message, Messages as _};

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

/// Prints what each of these calls costs.
pub fn print() -> Result<()> {
    let mut rows = Vec::new();
    for (name, _, description) in WORK {
        let cost = valgrind::cost(&[name])?;
        rows.push(vec![description.into(), thousands(cost.instructions), format!("{:.1}", cost.allocations)]);
    }
    table::print("A call over `MemoryTransport`, counted by valgrind", &["", "instructions", "allocations"], &rows);
    Ok(())
}

/// Makes the calls with this name.
pub fn work(name: &str, times: u64) -> Result<()> {
    let Some((_, work, _)) = WORK.iter().find(|(own, ..)| *own == name) else { bail!("unknown work: {name}") };
    let (status, body) = if name == "delete" { (204, "") } else { (200, MESSAGE) };
    for _ in 0..times {
        // A transport for each call: the list of requests that it records doesn't grow.
        work(&MemoryTransport::new().answer(status, body));
    }
    Ok(())
}
