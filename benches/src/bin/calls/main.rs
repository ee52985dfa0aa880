//! What a call costs: with this library, with other crates, and with reqwest and hyper alone. Without arguments, everything is measured.

mod candidates;
mod compare;
mod figures;
mod messages;
mod parts;
mod requests;
mod work;

use anyhow::{Result, bail};
use courier_benches::server;
use courier_benches::server::records::{self, HOLD};

use self::candidates::candidate;
use self::work::Work;

const USAGE: &str = "usage: calls [--quick] [NAME…]

  --quick  fewer rounds: the ratios vary more
  NAME     only the rows whose name contains it, next to `reqwest`; `parts` are the parts of a call";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        [server::SERVE] => Ok(records::serve(messages::MESSAGE, false)?),
        [HOLD] => Ok(records::serve(messages::MESSAGE, true)?),
        // Processes of their own, for what they cost.
        ["part", name, times] => parts::work(name, times.parse()?),
        ["call", name, url, times] => candidate(name)?.work(url, &Work::Repeat(times.parse()?)),
        ["hold", name, url, calls] => candidate(name)?.work(url, &Work::Hold(calls.parse()?)),
        ["load", name, url, at_a_time, calls] => {
            candidate(name)?.work(url, &Work::Load { at_a_time: at_a_time.parse()?, calls: calls.parse()? })
        }
        names => {
            let (options, names): (Vec<_>, Vec<_>) = names.iter().partition(|argument| argument.starts_with('-'));
            match &*options {
                [] => compare::print(&names, compare::FULL),
                ["--quick"] => compare::print(&names, compare::QUICK),
                _ => bail!(USAGE),
            }
        }
    }
}
