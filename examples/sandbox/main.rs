//! A local Courier for the terminal: prints its address and commands to try, and runs until Ctrl-C.
//!
//! `cargo run --bin courier-sandbox` uses a free port, `cargo run --bin courier-sandbox 4010` uses port 4010.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use courier_sandbox::Sandbox;

/// A message is `SENT` after two steps: enough time to copy a command.
const PACE: Duration = Duration::from_secs(15);

const USAGE: &str = "\
A local Courier: an in-memory HTTP server on 127.0.0.1.

Usage: courier-sandbox [PORT]

  PORT  the port to listen on, 1 to 65535 (default: a free port)
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(env::args().skip(1).collect()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _stderr_may_be_closed = writeln!(io::stderr(), "courier-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    let port = match &arguments[..] {
        [] => 0,
        [help] if matches!(&**help, "-h" | "--help") => return Ok(io::stdout().write_all(USAGE.as_bytes())?),
        [port] => parse_port(port)?,
        [_, more, ..] => return Err(format!("unexpected argument {more:?}: give at most one port").into()),
    };
    let sandbox = Sandbox::start_on(port).await.map_err(|error| refused(port, &error))?.with_pace(PACE);
    io::stdout().write_all(welcome(&sandbox).as_bytes())?;
    sandbox.serve_until(interrupted()).await;
    Ok(())
}

fn parse_port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) | Err(_) => {
            Err(format!("{text:?} isn't a port: expected a number from 1 to 65535, or no argument for a free port"))
        }
        Ok(port) => Ok(port),
    }
}

fn refused(port: u16, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("port {port} is in use: choose another, or give no argument for a free port"),
        ErrorKind::PermissionDenied => format!("port {port} is reserved for the system: choose 1024 or higher"),
        _ => format!("can't listen on port {port}: {error}"),
    }
}

/// Completes on Ctrl-C. If no signal handler can be installed, Ctrl-C ends the process directly.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn welcome(sandbox: &Sandbox) -> String {
    let url = sandbox.base_url();
    let moving = sandbox.send("ada").id;
    let delivered = sandbox.deliver("grace").id;
    let seconds = (PACE * 2).as_secs();
    // Double quotes work in every shell.
    let key = r#"-H "authorization: Bearer any""#;
    format!(
        "\
A local Courier is listening on {url}
It accepts any API key and keeps messages in memory. Press Ctrl-C to stop it.

A message to ada is on its way. Cancel it within {seconds} seconds:

  curl -i -X POST {key} {url}/messages/{moving}/cancel

See its current status:

  curl -i {key} {url}/messages/{moving}

See its history, and list all messages:

  curl -i {key} {url}/messages/{moving}/history
  curl -i {key} {url}/messages

A message to grace was delivered, so it is too late to cancel it:

  curl -i -X POST {key} {url}/messages/{delivered}/cancel

Do the same with the library:

  COURIER_API_KEY=any COURIER_BASE_URL={url} cargo run --example cancel -- {delivered}

"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_number_from_1_to_65535_is_a_port() {
        assert_eq!(parse_port("4010"), Ok(4010));
        for invalid in ["0", "65536", "-1", "http", "", " 80"] {
            assert!(parse_port(invalid).is_err_and(|error| error.contains(&format!("{invalid:?} isn't a port"))));
        }
    }

    #[tokio::test]
    async fn the_welcome_names_existing_messages() {
        let sandbox = Sandbox::start().await.expect("a free port").with_pace(PACE);
        let welcome = welcome(&sandbox);
        let ids: Vec<_> = welcome.split("/messages/").skip(1).map(|rest| &rest[..35]).collect();
        assert_eq!(ids.len(), 4);
        for id in ids {
            assert!(sandbox.message(id).is_some(), "{id}");
        }
    }
}
