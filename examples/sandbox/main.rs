//! A local Courier to talk to from a terminal: prints its address and what can be done with it, and runs until Ctrl-C.
//!
//! `cargo run --bin courier-sandbox` takes a free port, `cargo run --bin courier-sandbox 4010` that one.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use courier_sandbox::Sandbox;

/// Two steps lie before `SENT`: time enough to copy a command.
const PACE: Duration = Duration::from_secs(15);

const USAGE: &str = "\
A local Courier: an HTTP server in memory, on 127.0.0.1.

Usage: courier-sandbox [PORT]

  PORT  the port to listen on, 1 to 65535; a free one if it is not given
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(env::args().skip(1).collect()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _nobody_reads_it = writeln!(io::stderr(), "courier-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Vec<String>) -> Result<(), Box<dyn Error>> {
    let port = match &arguments[..] {
        [] => 0,
        [help] if matches!(&**help, "-h" | "--help") => return Ok(io::stdout().write_all(USAGE.as_bytes())?),
        [port] => parse_port(port)?,
        [_, more, ..] => return Err(format!("one argument too many, {more:?}: give a port, or nothing").into()),
    };
    let sandbox = Sandbox::start_on(port).await.map_err(|error| refused(port, &error))?.with_pace(PACE);
    io::stdout().write_all(welcome(&sandbox).as_bytes())?;
    sandbox.serve_until(interrupted()).await;
    Ok(())
}

fn parse_port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(0) | Err(_) => {
            Err(format!("{text:?} is no port: give a number from 1 to 65535, or nothing for a free port"))
        }
        Ok(port) => Ok(port),
    }
}

fn refused(port: u16, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("port {port} is taken: give another, or nothing for a free one"),
        ErrorKind::PermissionDenied => format!("port {port} is reserved for the system: give one from 1024 on"),
        _ => format!("can't listen on port {port}: {error}"),
    }
}

/// Ready when Ctrl-C is pressed. Where that can't be noticed, the system ends the process by itself.
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
    // Double quotes: every shell takes them.
    let key = r#"-H "authorization: Bearer any""#;
    format!(
        "\
A local Courier listens on {url}
Any API key will do. Messages are kept in memory. Ctrl-C stops it.

A message to ada is on its way. Cancel it within {seconds} seconds, or be too late:

  curl -i -X POST {key} {url}/messages/{moving}/cancel

Look where it is:

  curl -i {key} {url}/messages/{moving}

See what has happened to it, and list every message:

  curl -i {key} {url}/messages/{moving}/history
  curl -i {key} {url}/messages

A message to grace was delivered. It is too late to cancel it:

  curl -i -X POST {key} {url}/messages/{delivered}/cancel

The same with the library:

  COURIER_API_KEY=any COURIER_BASE_URL={url} cargo run --example cancel -- {delivered}

"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_a_number_that_can_be_listened_on() {
        assert_eq!(parse_port("4010"), Ok(4010));
        for no_port in ["0", "65536", "-1", "http", "", " 80"] {
            assert!(parse_port(no_port).is_err_and(|error| error.contains(&format!("{no_port:?} is no port"))));
        }
    }

    #[tokio::test]
    async fn the_welcome_names_messages_that_are_there() {
        let sandbox = Sandbox::start().await.expect("a free port").with_pace(PACE);
        let welcome = welcome(&sandbox);
        let ids: Vec<_> = welcome.split("/messages/").skip(1).map(|rest| &rest[..35]).collect();
        assert_eq!(ids.len(), 4);
        for id in ids {
            assert!(sandbox.message(id).is_some(), "{id}");
        }
    }
}
