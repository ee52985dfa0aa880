//! Learn how to make blocking calls: the same attribute on a plain `fn`, and no `async` in your program.
//!
//! `cargo run --example blocking` needs no setup: it starts a local Courier and calls it over HTTP.

use std::error::Error;

use courier_core::messages::Cancellation;
use courier_core::{Result, blocking, endpoint};
use courier_sandbox::Sandbox;

/// A plain `fn`, and `blocking::Transport` instead of `Transport`. Everything else stays the same.
trait Messages: blocking::Transport {
    /// Cancels a message that is being delivered.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    fn cancel(&self, message_id: &str) -> Result<Cancellation>;
}
impl<T: blocking::Transport> Messages for T {}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?; // only the local Courier needs it
    let sandbox = runtime.block_on(Sandbox::start())?;
    // In your program: `blocking::Courier::from_env()?`.
    let courier = courier_core::Courier::builder().api_key("any").base_url(sandbox.base_url()).build()?;
    let courier = blocking::Courier::from_async(courier)?;

    for message in [sandbox.send("ada"), sandbox.deliver("grace")] {
        let (outcome, message) = match courier.cancel(&message.id)? {
            Cancellation::Ok(message) => ("cancelled: it is now", message),
            Cancellation::Conflict(message) => ("too late: it is already", message),
        };
        anstream::println!("{}  {outcome} {}", message.id, message.status);
    }
    Ok(())
}
