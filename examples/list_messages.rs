//! Learn how to read a paged list as one stream that fetches only the pages it needs.
//!
//! `cargo run --example list_messages` needs no setup: it starts a local Courier and calls it over HTTP. With
//! `COURIER_API_KEY` set, `cargo run --example list_messages -- 25` lists the 25 newest messages on the real Courier.

use std::error::Error;
use std::{env, process::ExitCode};

use courier_core::messages::{MessageFilter, MessageStatus, Messages};
use courier_core::{Courier, Result, paging};
use courier_sandbox::Sandbox;

/// One line turns the endpoint into a stream. It fetches pages on demand, and none after the last item that is read.
async fn list(courier: &Courier, filter: &MessageFilter, limit: usize) -> Result<()> {
    let mut messages = paging::items(|cursor| courier.list(cursor.as_deref(), filter));

    for _ in 0..limit {
        let Some(message) = messages.next().await else { break };
        let message = message?;
        // Never print a server's text to a terminal unescaped.
        let (id, recipient) = (message.id.escape_debug(), message.recipient.escape_debug());
        anstream::println!("{}  {:<12}  {id}  to {recipient}", message.enqueued, message.status);
    }
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match env::args().nth(1).map(|limit| limit.parse()) {
        None => on_a_local_courier().await,
        Some(Ok(limit)) => on_the_real_courier(limit).await,
        Some(Err(_)) => Err("expected a number of messages, or no argument to use a local Courier".into()),
    };
    match result {
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
        let _message = if number % 4 == 0 { sandbox.deliver(&recipient) } else { sandbox.send(&recipient) };
    }

    anstream::println!("All messages (two pages):");
    list(&courier, &MessageFilter::new(), usize::MAX).await?;

    anstream::println!("\nDelivered messages:");
    list(&courier, &MessageFilter::new().status(MessageStatus::Delivered), usize::MAX).await?;
    Ok(())
}

async fn on_the_real_courier(limit: usize) -> Result<(), Box<dyn Error>> {
    Ok(list(&Courier::from_env()?, &MessageFilter::new(), limit).await?)
}
