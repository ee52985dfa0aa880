//! Learn how to declare an API call, make it and match on its outcome: cancel one message in time and one too late.
//!
//! `cargo run --example cancel` needs no setup: it starts a local Courier and calls it over HTTP, even if an API key is
//! set. `COURIER_API_KEY=… cargo run --example cancel -- MESSAGE_ID` cancels a message on the real Courier.

use std::process::ExitCode;
use std::{env, error};

use anstyle::{AnsiColor, Style};
use courier_core::messages::{Cancellation, MessageDetails};
use courier_core::{Courier, Result, Transport, endpoint};
use courier_sandbox::Sandbox;

/// The declaration. Each status builds the variant of the same name: a 409 becomes `Cancellation::Conflict`.
trait Messages: Transport {
    /// Cancels a message that is being delivered.
    #[endpoint(POST, "/messages/<message_id>/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self, message_id: &str) -> Result<Cancellation>;
}
impl<T: Transport> Messages for T {}

/// The call. Anything that isn't a declared outcome is an error, such as a 404 or a failed connection.
async fn cancel(courier: &Courier, message_id: &str) -> Result<()> {
    match courier.cancel(message_id).await? {
        Cancellation::Ok(message) => show(CANCELLED, "cancelled", "now", &message),
        Cancellation::Conflict(message) => show(TOO_LATE, "too late", "already", &message),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match &arguments[..] {
        [] => on_a_local_courier().await,
        [message_id] if !message_id.starts_with('-') => on_the_real_courier(message_id).await,
        _ => Err("expected one message id, or no argument to use a local Courier".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            anstream::eprintln!("{FAILED}error{FAILED:#}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn on_a_local_courier() -> Result<(), Box<dyn error::Error>> {
    let sandbox = Sandbox::start().await?;
    let courier = Courier::builder().api_key("any").base_url(sandbox.base_url()).build()?;
    anstream::println!("A local Courier is running at {}\n", sandbox.base_url());

    let on_its_way = sandbox.send("ada");
    cancel(&courier, &on_its_way.id).await?;
    let delivered = sandbox.deliver("grace");
    cancel(&courier, &delivered.id).await?;

    let command = "COURIER_API_KEY=… cargo run --example cancel -- MESSAGE_ID";
    anstream::println!("{QUIET}To cancel a real message: {command}{QUIET:#}");
    Ok(())
}

async fn on_the_real_courier(message_id: &str) -> Result<(), Box<dyn error::Error>> {
    Ok(cancel(&Courier::from_env()?, message_id).await?)
}

const CANCELLED: Style = AnsiColor::Green.on_default().bold();
const TOO_LATE: Style = AnsiColor::Yellow.on_default().bold();
const FAILED: Style = AnsiColor::Red.on_default().bold();
const QUIET: Style = Style::new().dimmed();

fn show(style: Style, outcome: &str, since: &str, message: &MessageDetails) {
    // Never print a server's text to a terminal unescaped.
    let (id, recipient) = (message.id.escape_debug(), message.recipient.escape_debug());
    anstream::println!("{style}{outcome:<11}{style:#}{id}");
    anstream::println!("           to {recipient}, {since} {}", message.status);
    let moments = [("enqueued", Some(message.enqueued)), ("sent", message.sent), ("delivered", message.delivered)];
    for (what, moment) in moments {
        if let Some(moment) = moment {
            anstream::println!("           {QUIET}{what:<9}  {moment}{QUIET:#}");
        }
    }
    anstream::println!();
}
