//! What a plain call costs in instructions and allocations: over a transport without I/O, and over a loopback connection, compared
//! with the same call without this library.

mod loopback;
mod memory;
mod messages;

use anyhow::{Result, bail};
use courier_benches::server;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [] => memory::print(),
        ["loopback"] => loopback::print(),
        [server::SERVE] => Ok(server::serve_json(messages::MESSAGE)?),
        // What valgrind runs.
        [name, times] => memory::work(name, times.parse()?),
        [name, url, times] => loopback::work(name, url, times.parse()?),
        _ => bail!("usage: calls [loopback]"),
    }
}
