//! The table, and whether each of its rows reached its goals.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::process::ExitCode;

use crate::calls::{Call, Kind, Over, Protocol};

/// What must hold of a row, in addition to what holds of all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Goal {
    /// At most so many calls fail.
    Failed(usize),
    /// At most so many calls fail, and each may have been executed, so that it wasn't retried.
    FailedMayHaveArrived(usize),
    /// No more connections are opened.
    Connections(usize),
    /// Every call fails, none reaches the server, and the errors have this text.
    RefusedByProxy(&'static str),
}

/// The calls of one kind in one scenario.
pub(crate) struct Row {
    scenario: String,
    over: Over,
    protocol: Protocol,
    kind: Kind,
    calls: usize,
    failed: usize,
    /// Of the failed ones, those that the error says were never sent.
    unsent: usize,
    /// Of the failed ones, those that could not have succeeded.
    excused: usize,
    /// Of the failed ones, those that the server executed.
    executed: usize,
    executed_twice: usize,
    /// Calls that the error says were never sent, but that the server executed.
    unsent_but_executed: usize,
    connections: usize,
    goal: Goal,
    errors: BTreeMap<String, usize>,
}

impl Row {
    /// Compares the calls with what the server executed: the number of times for each id.
    pub(crate) fn new(
        scenario: impl Into<String>,
        over: Over,
        protocol: Protocol,
        kind: Kind,
        calls: &[Call],
        executed: &HashMap<String, usize>,
        goal: Goal,
    ) -> Self {
        let times = |call: &Call| executed.get(&call.id).copied().unwrap_or(0);
        let failed = || calls.iter().filter_map(|call| Some((call, call.error.as_ref()?)));
        let unsent = || failed().filter(|(_, error)| !error.may_have_arrived());
        let mut errors = BTreeMap::new();
        for (_, error) in failed() {
            *errors.entry(format!("{error:#}")).or_default() += 1;
        }
        Self {
            scenario: scenario.into(),
            over,
            protocol,
            kind,
            calls: calls.len(),
            failed: failed().count(),
            unsent: unsent().count(),
            excused: 0,
            executed: failed().filter(|(call, _)| times(call) > 0).count(),
            executed_twice: calls.iter().filter(|call| times(call) > 1).count(),
            unsent_but_executed: unsent().filter(|(call, _)| times(call) > 0).count(),
            connections: 0,
            goal,
            errors,
        }
    }

    /// The connections that the server accepted for these calls.
    pub(crate) fn connections(self, connections: usize) -> Self {
        Self { connections, ..self }
    }

    /// The failed calls that could not have succeeded.
    pub(crate) fn excused(self, excused: usize) -> Self {
        Self { excused, ..self }
    }

    /// Each goal that was missed.
    fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        let failed = self.failed - self.excused;
        match self.goal {
            Goal::Failed(most) | Goal::FailedMayHaveArrived(most) if failed > most => {
                missed.push(format!("at most {most} should fail, {failed} did"));
            }
            Goal::FailedMayHaveArrived(_) if self.unsent > self.excused => {
                missed.push(format!("{} were never sent, and could have been retried", self.unsent - self.excused));
            }
            Goal::Connections(most) if self.connections > most || failed > 0 => {
                missed.push(format!("at most {most} connections and no failure, but {}, {failed}", self.connections));
            }
            Goal::RefusedByProxy(_) if failed < self.calls || self.connections > 0 => {
                missed.push("all calls should fail, and none reach the server".to_owned());
            }
            Goal::RefusedByProxy(text) => {
                let unclear = self.errors.keys().filter(|error| !error.contains(text));
                missed.extend(unclear.map(|_| format!("the error doesn't say `{text}`")));
            }
            Goal::Failed(_) | Goal::FailedMayHaveArrived(_) | Goal::Connections(_) => {}
        }
        if self.kind == Kind::Post && self.executed_twice > 0 {
            missed.push(format!("{} were executed twice, without the flag", self.executed_twice));
        }
        if self.unsent_but_executed > 0 {
            missed.push(format!("{} were executed, but the error says they weren't sent", self.unsent_but_executed));
        }
        missed
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scenario, over, protocol, kind, calls, failed, unsent, executed, executed_twice, connections, ..
        } = self;
        // A `fmt` that ignores the width is padded as text.
        let (over, protocol, kind) = (over.to_string(), protocol.to_string(), kind.to_string());
        write!(
            f,
            "{scenario:<46} | {over:<9} | {protocol:<8} | {kind:<4} | {calls:>7} | {failed:>6} | {unsent:>6} | {executed:>8} | {executed_twice:>14} | {connections:>11}"
        )
    }
}

/// Prints each row when it is added.
pub(crate) struct Report {
    missed: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        println!(
            "{:<46} | {:<9} | {:<8} | {:<4} | {:>7} | {:>6} | {:>6} | {:>8} | {:>14} | {:>11}",
            "scenario",
            "transport",
            "protocol",
            "kind",
            "calls",
            "failed",
            "unsent",
            "executed",
            "executed twice",
            "connections"
        );
        Self { missed: 0 }
    }

    pub(crate) fn add(&mut self, row: &Row) {
        println!("{row}");
        if row.excused > 0 {
            println!("    {} of the failed calls had no attempt outside the outage", row.excused);
        }
        for (error, times) in &row.errors {
            println!("    {times} × {error}");
        }
        for missed in row.missed() {
            self.missed += 1;
            println!("    MISSED: {missed}");
        }
    }

    pub(crate) fn conclude(self) -> ExitCode {
        if self.missed == 0 {
            return ExitCode::SUCCESS;
        }
        println!("{} goals were missed.", self.missed);
        ExitCode::FAILURE
    }
}
