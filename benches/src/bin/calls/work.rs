//! What a client does in a process of its own, on one thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, ensure};
use courier_benches::measure::process::{self, measure};
use courier_benches::server::records;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use crate::candidates::Client;
use crate::messages::{ID, Message};

pub enum Work {
    /// So many calls, one after the other.
    Repeat(u64),
    /// So many calls, of which some are in flight at a time: prints what they cost.
    Load { at_a_time: usize, calls: usize },
    /// So many calls at a time to a server that holds them: prints how much memory is in use.
    Hold(usize),
}

/// Does the work. The client has one thread, and the server another processor.
pub fn run<C: Client>(url: &str, work: &Work) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let client = Arc::new(C::new(url)?);
    match *work {
        Work::Repeat(times) => runtime.block_on(async {
            for _ in 0..times {
                verify(&client.cancel(ID).await?)?;
            }
            Ok(())
        }),
        Work::Load { at_a_time, calls } => {
            process::allow_files(2 * at_a_time as u64)?;
            // Opens the connections.
            load(&runtime, &client, at_a_time, 2 * at_a_time.max(100))?;
            let ((), cost) = measure(|| load(&runtime, &client, at_a_time, calls))?;
            println!("{}", serde_json::to_string(&cost)?);
            Ok(())
        }
        Work::Hold(calls) => {
            process::allow_files(2 * calls as u64)?;
            runtime.block_on(hold(&client, url, calls))
        }
    }
}

/// Makes so many calls: each of so many tasks begins another one when its call has ended, until there are enough.
fn load<C: Client>(runtime: &Runtime, client: &Arc<C>, at_a_time: usize, calls: usize) -> Result<()> {
    let begun = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..at_a_time {
        let (client, begun) = (Arc::clone(client), Arc::clone(&begun));
        let task = async move {
            let mut ended = 0;
            while begun.fetch_add(1, Ordering::Relaxed) < calls {
                verify(&client.cancel(ID).await?)?;
                ended += 1;
            }
            anyhow::Ok(ended)
        };
        tasks.spawn_on(task, runtime.handle());
    }
    let ended: usize = runtime.block_on(tasks.join_all()).into_iter().sum::<Result<_>>()?;
    ensure!(ended == calls, "{ended} calls ended instead of {calls}");
    Ok(())
}

async fn hold<C: Client>(client: &Arc<C>, url: &str, calls: usize) -> Result<()> {
    let mut tasks = JoinSet::new();
    for _ in 0..calls {
        let client = Arc::clone(client);
        tasks.spawn(async move { client.cancel(ID).await });
    }
    records::held(url.trim_start_matches("http://"), calls).await.context("the server holds no calls")?;
    println!("{}", process::memory()?);
    ensure!(tasks.try_join_next().is_none(), "a call ended that the server holds");
    Ok(())
}

fn verify(message: &Message) -> Result<()> {
    ensure!(message.id == ID, "another message: {}", message.id);
    Ok(())
}
