//! Learn how a call blocks: the same attribute on a method that is not `async`, and no runtime in sight.
//!
//! `cargo run --example blocking` needs nothing: it talks over HTTP to a local Courier that it starts itself.

use std::error::Error;

use courier_core::messages::Cancellation;
use courier_core::{Result, blocking, endpoint};
use courier_sandbox::Sandbox;

/// A plain `fn`, and `blocking::Transport` in place of `Transport`: the rest is as ever.
trait Messages: blocking::Transport {
    /// Cancels a message that is being delivered.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    fn cancel(&self, message_id: &str) -> Result<Cancellation>;
}
impl<T: blocking::Transport> Messages for T {}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?; // for the local Courier alone
    let sandbox = runtime.block_on(Sandbox::start())?;
    // In a program: `blocking::Courier::from_env()?`.
    let courier = courier_core::Courier::builder().api_key("any").base_url(sandbox.base_url()).build()?;
    let courier = blocking::Courier::from_async(courier)?;

    for message in [sandbox.send("ada"), sandbox.deliver("grace")] {
        let (outcome, message) = match courier.cancel(&message.id)? {
            Cancellation::Ok(message) => ("cancelled, now", message),
            Cancellation::Conflict(message) => ("too late, already", message),
        };
        anstream::println!("{}  {outcome} {}", message.id, message.status);
    }
    Ok(())
}
