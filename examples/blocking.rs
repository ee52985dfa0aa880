//! Learn how to make blocking calls: `.wait()` on a call, or the attribute on a plain `fn`, and no `async` in your program.
//!
//! `cargo run --example blocking` needs no setup: it starts a local Courier and calls it over HTTP.

use std::error::Error;

use courier_core::messages::Cancellation;
use courier_core::{Courier, Result, Transport, endpoint};
use courier_sandbox::Sandbox;

/// A plain `fn` waits by itself; a call of an `async fn` waits with `.wait()`.
trait Messages: Transport {
    /// Cancels a message that is being delivered.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    fn cancel(&self, message_id: &str) -> Result<Cancellation>;
}
impl<T: Transport> Messages for T {}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Runtime::new()?; // only the local Courier needs it
    let sandbox = runtime.block_on(Sandbox::start())?;
    // In your program: `Courier::from_env()?`.
    let courier = Courier::builder().api_key("any").base_url(sandbox.base_url()).build()?;

    for message in [sandbox.send("ada"), sandbox.deliver("grace")] {
        let (outcome, message) = match courier.cancel(&message.id)? {
            Cancellation::Ok(message) => ("cancelled: it is now", message),
            Cancellation::Conflict(message) => ("too late: it is already", message),
        };
        anstream::println!("{}  {outcome} {}", message.id, message.status);
    }
    Ok(())
}
