//! The comparison: what is counted, then rounds of what varies.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use courier_benches::measure::process::{self, Cost};
use courier_benches::measure::series::turns;
use courier_benches::measure::valgrind;
use courier_benches::progress::Progress;
use courier_benches::server::Server;
use courier_benches::server::records::HOLD;
use courier_benches::table;

use crate::candidates::{CANDIDATES, Candidate};
use crate::figures::{Figures, LOADS};
use crate::{parts, requests};

/// How many rounds there are.
pub const FULL: usize = 15;
pub const QUICK: usize = 3;

/// How many calls are in flight while memory is measured.
const IN_FLIGHT: u16 = 1000;

const TITLE: &str = "`cancel` over a loopback connection. Of figures with a range, the first row has the medians of the rounds, and the \
                     others their ratios to it";

/// Measures the candidates whose names contain one of these, or all, and prints what a call costs. The first candidate is always
/// measured: the others are compared with it.
pub fn print(names: &[&str], rounds: usize) -> Result<()> {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|part| name.contains(part));
    let candidates: Vec<_> = CANDIDATES.iter().filter(|candidate| wanted(candidate.name)).collect();
    ensure!(!candidates.is_empty() || wanted(PARTS), "no row has such a name");
    if wanted(PARTS) {
        parts::print()?;
    }
    if candidates.is_empty() {
        return Ok(());
    }
    let first = &CANDIDATES[0];
    let others = candidates.into_iter().filter(|candidate| candidate.name != first.name);
    measure(&[first].into_iter().chain(others).collect::<Vec<_>>(), rounds)
}

const PARTS: &str = "parts";

fn measure(candidates: &[&Candidate], rounds: usize) -> Result<()> {
    let notes = requests::compare(candidates)?;
    let mut progress = Progress::new(candidates.len() * (1 + rounds * (1 + LOADS.len())));
    let server = Server::start()?;
    let mut figures = Vec::new();
    for candidate in candidates {
        progress.step(&format!("{}: counting", candidate.name));
        figures.push(Figures::new(&valgrind::cost(&["call", candidate.name, server.url()])?));
    }
    for round in 0..rounds {
        for (load, &(at_a_time, calls)) in LOADS.iter().enumerate() {
            let costs = in_turns(candidates, round, |name| {
                progress.step(&format!("{name}: round {} of {rounds}, {at_a_time} calls at a time", round + 1));
                process::run::<Cost>(&["load", name, server.url(), &at_a_time.to_string(), &calls.to_string()])
            })?;
            for (candidate, cost) in &costs {
                figures[*candidate].add(load, *cost, costs[&0]);
            }
        }
        let memory = in_turns(candidates, round, |name| {
            progress.step(&format!("{name}: round {} of {rounds}, memory", round + 1));
            Ok(memory(name, IN_FLIGHT)?.saturating_sub(memory(name, 0)?) / u64::from(IN_FLIGHT))
        })?;
        for (candidate, bytes) in &memory {
            figures[*candidate].add_memory(*bytes, memory[&0]);
        }
    }
    drop(progress);
    let rows: Vec<_> = candidates.iter().zip(&figures).map(|(own, of)| of.row(own.description, &figures[0])).collect();
    table::print(TITLE, &Figures::COLUMNS, &rows);
    for note in notes {
        println!("\n{note}.");
    }
    Ok(())
}

/// Measures each candidate once, beginning with another one in each round.
fn in_turns<T>(
    candidates: &[&Candidate],
    round: usize,
    mut measure: impl FnMut(&str) -> Result<T>,
) -> Result<BTreeMap<usize, T>> {
    turns(candidates.len(), round).map(|turn| Ok((turn, measure(candidates[turn].name)?))).collect()
}

/// The memory of a client in bytes, with so many calls in flight.
fn memory(name: &str, calls: u16) -> Result<u64> {
    let server = Server::start_as(HOLD)?;
    process::run(&["hold", name, server.url(), &calls.to_string()])
}
