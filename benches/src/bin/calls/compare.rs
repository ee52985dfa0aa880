//! The comparison: what is counted, then rounds of what is timed.

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

/// How many rounds of calls are timed.
pub const FULL: usize = 9;
pub const QUICK: usize = 3;

/// How many calls are in flight while memory is measured.
const IN_FLIGHT: u64 = 1000;

/// Measures the candidates whose names contain one of these, or all, and prints what a call costs. The first candidate is always
/// measured: the others are compared with it.
pub fn print(names: &[&str], rounds: usize) -> Result<()> {
    let wanted = |candidate: &str| names.is_empty() || names.iter().any(|name| candidate.contains(name));
    let others: Vec<_> = CANDIDATES[1..].iter().filter(|candidate| wanted(candidate.name)).collect();
    ensure!(!others.is_empty() || wanted(CANDIDATES[0].name) || wanted("parts"), "nothing has such a name");
    if wanted("parts") {
        parts::print()?;
    }
    if names != ["parts"] {
        let candidates: Vec<_> = [&CANDIDATES[0]].into_iter().chain(others).collect();
        measure(&candidates, rounds)?;
    }
    Ok(())
}

fn measure(candidates: &[&Candidate], rounds: usize) -> Result<()> {
    let notes = requests::compare(candidates)?;
    let mut progress = Progress::new(candidates.len() * (1 + rounds * LOADS.len()));
    let server = Server::start()?;
    let mut figures = Vec::new();
    for candidate in candidates {
        progress.step(&format!("counting what a call costs with {}", candidate.name));
        let of_call = valgrind::cost(&["call", candidate.name, server.url()])?;
        let holding = Server::start_as(HOLD)?;
        let memory = valgrind::heap(&["hold", candidate.name, holding.url()], IN_FLIGHT)?;
        figures.push(Figures::new(of_call, memory));
    }
    for round in 0..rounds {
        for (load, &(at_a_time, calls)) in LOADS.iter().enumerate() {
            let mut costs = BTreeMap::new();
            for turn in turns(candidates.len(), round) {
                let name = candidates[turn].name;
                progress.step(&format!("round {} of {rounds}: {name}, {at_a_time} calls at a time", round + 1));
                let arguments = ["load", name, server.url(), &at_a_time.to_string(), &calls.to_string()];
                costs.insert(turn, process::run::<Cost>(&arguments)?);
            }
            for (candidate, cost) in &costs {
                figures[*candidate].add(load, *cost, costs[&0]);
            }
        }
    }
    drop(progress);
    let rows: Vec<_> = candidates.iter().zip(&figures).map(|(own, of)| of.row(own.description, &figures[0])).collect();
    table::print(
        "`cancel` over a loopback connection. Times: medians (and ranges) of rounds in turns, below the first row as a ratio to it",
        &Figures::COLUMNS,
        &rows,
    );
    for note in notes {
        println!("\n{note}.");
    }
    Ok(())
}
