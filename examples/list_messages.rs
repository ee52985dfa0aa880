//! Learn how a list that comes page by page is read as one stream, and what asks for no more than it needs.
//!
//! `cargo run --example list_messages` needs nothing: it talks over HTTP to a local Courier that it starts itself. With
//! `COURIER_API_KEY` set, `cargo run --example list_messages -- 25` lists the 25 newest messages of the real one.

use std::error::Error;
use std::{env, process::ExitCode};

use courier_core::messages::{MessageFilter, MessageStatus, Messages};
use courier_core::{Courier, Result, paging};
use courier_sandbox::Sandbox;

/// One line makes a stream of the endpoint. Pages are fetched as they are needed: `limit` items, and no page after them.
async fn list(courier: &Courier, filter: &MessageFilter, limit: usize) -> Result<()> {
    let mut messages = paging::items(|cursor| courier.list(cursor.as_deref(), filter));

    for _ in 0..limit {
        let Some(message) = messages.next().await else { break };
        let message = message?;
        // A server's text is escaped before it reaches a terminal.
        let (id, recipient) = (message.id.escape_debug(), message.recipient.escape_debug());
        anstream::println!("{}  {:<12}  {id}  to {recipient}", message.enqueued, message.status);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match env::args().nth(1).map(|limit| limit.parse()) {
        None => on_a_local_courier().await,
        Some(Ok(limit)) => on_the_real_one(limit).await,
        Some(Err(_)) => Err("give a number of messages, or nothing for a local Courier".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn on_a_local_courier() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let courier = Courier::builder().api_key("any").base_url(sandbox.base_url()).build()?;
    for number in 1..=12 {
        let recipient = format!("reader-{number}");
        let _on_its_way = if number % 4 == 0 { sandbox.deliver(&recipient) } else { sandbox.send(&recipient) };
    }

    anstream::println!("All messages, which are two pages:");
    list(&courier, &MessageFilter::new(), usize::MAX).await?;

    anstream::println!("\nThose that were delivered:");
    list(&courier, &MessageFilter::new().status(MessageStatus::Delivered), usize::MAX).await?;
    Ok(())
}

async fn on_the_real_one(limit: usize) -> Result<(), Box<dyn Error>> {
    Ok(list(&Courier::from_env()?, &MessageFilter::new(), limit).await?)
}
