//! The same call over a loopback connection, with this library and without it.

mod hyper_util;
mod reqwest;

use std::time::Duration;

use anyhow::{Result, bail, ensure};
use courier_benches::measure::valgrind;
use courier_benches::server::Server;
use courier_benches::table::{self, thousands};
use courier_core::transport::{Deadline, TransportBuilder, Retry};
use courier_core::{ReqwestTransport, Transport};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use crate::messages::{Cancellation, ID, Message, Messages as _};

const KEY: &str = "pk_test_0123456789";
const USER_AGENT: &str = "courier-benches/0.0.0";
const ATTEMPT: Duration = Duration::from_secs(20);
const DEADLINE: Duration = Duration::from_mins(1);

/// What is encoded in a segment of a path: all but the unreserved characters, as this library does.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name and a description. The first row is what the others are compared with.
const CLIENTS: [(&str, &str); 5] = [
    ("reqwest", "reqwest, without this library"),
    ("reqwest-1024", "the same, with room for 1,024 headers"),
    ("transport", "`ReqwestTransport`"),
    ("courier", "`Deadline<Retry<ReqwestTransport>>`, as in `Courier`"),
    ("hyper-util", "hyper-util's client, without this library"),
];

/// Prints what a call costs with each client.
pub fn print() -> Result<()> {
    let server = Server::start()?;
    let mut rows = Vec::new();
    let mut first = None;
    for (name, description) in CLIENTS {
        let cost = valgrind::cost(&[name, server.url()])?;
        let base = *first.get_or_insert(cost.instructions);
        rows.push(vec![
            description.into(),
            thousands(cost.instructions),
            format!("{:.2}", cost.instructions / base),
            format!("{:.1}", cost.allocations),
        ]);
    }
    let columns = ["", "instructions", "× reqwest", "allocations"];
    table::print("`cancel` over a loopback connection, counted by valgrind", &columns, &rows);
    Ok(())
}

/// Makes calls with this client, one after the other over one connection.
pub fn work(name: &str, url: &str, times: u64) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match name {
            "reqwest" => {
                let client = reqwest::Client::new(url, None)?;
                repeat(times, || client.cancel(ID)).await
            }
            "reqwest-1024" => {
                let client = reqwest::Client::new(url, Some(1024))?;
                repeat(times, || client.cancel(ID)).await
            }
            "hyper-util" => {
                let client = hyper_util::Client::new(url)?;
                repeat(times, || client.cancel(ID)).await
            }
            "transport" => {
                let transport = transport(url).build()?;
                repeat(times, || cancel(&transport)).await
            }
            "courier" => {
                let transport = Deadline::new(Retry::new(transport(url).build()?), DEADLINE);
                repeat(times, || cancel(&transport)).await
            }
            _ => bail!("unknown client: {name}"),
        }
    })
}

async fn repeat<F: Future<Output = Result<Message>>>(times: u64, call: impl Fn() -> F) -> Result<()> {
    for _ in 0..times {
        let message = call().await?;
        ensure!(message.id == ID, "another message: {}", message.id);
    }
    Ok(())
}

fn transport(url: &str) -> TransportBuilder<ReqwestTransport> {
    ReqwestTransport::builder(url).bearer_token(KEY).user_agent(USER_AGENT).attempt_timeout(ATTEMPT)
}

async fn cancel(transport: &impl Transport) -> Result<Message> {
    match transport.cancel(ID).await? {
        Cancellation::Ok(message) => Ok(message),
        Cancellation::Conflict(_) => bail!("a conflict"),
    }
}
