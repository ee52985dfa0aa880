//! Instructions and allocations of a piece of work, counted by valgrind. They are the same in each run, on an idle machine and on a
//! busy one.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// How often the work is done more in the second run than in the first. The difference leaves out the start of the process.
const MORE: u64 = 1000;
const FIRST: u64 = 100;

/// What a piece of work costs each time.
pub struct Cost {
    pub instructions: f64,
    /// Allocations and reallocations.
    pub allocations: f64,
}

/// The cost of what this program does as often as its last argument says, the others being these.
///
/// # Errors
///
/// Returns an error if valgrind can't be run, or the program fails.
pub fn cost(arguments: &[&str]) -> Result<Cost> {
    let difference = |count: fn(&[&str], u64) -> Result<u64>| -> Result<f64> {
        let (first, more) = (count(arguments, FIRST)?, count(arguments, FIRST + MORE)?);
        let difference = i64::try_from(more)? - i64::try_from(first)?;
        #[expect(clippy::cast_precision_loss, reason = "millions, in a figure with one decimal")]
        Ok(difference as f64 / MORE as f64)
    };
    Ok(Cost { instructions: difference(instructions)?, allocations: difference(allocations)? })
}

fn instructions(arguments: &[&str], times: u64) -> Result<u64> {
    let report = run(&["--tool=callgrind", "--callgrind-out-file=/dev/null"], arguments, times)?;
    number_after(&report, "Collected :")
}

fn allocations(arguments: &[&str], times: u64) -> Result<u64> {
    let report = run(&["--tool=memcheck", "--leak-check=no"], arguments, times)?;
    number_after(&report, "total heap usage:")
}

/// Runs this program under valgrind, and returns what valgrind reports.
fn run(tool: &[&str], arguments: &[&str], times: u64) -> Result<String> {
    let output = Command::new("valgrind")
        .args(tool)
        .arg(std::env::current_exe()?)
        .args(arguments)
        .arg(times.to_string())
        .stdin(Stdio::null())
        .output()
        .context("can't run valgrind, which counts the instructions: install it with your system's package manager")?;
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{arguments:?} failed under valgrind: {report}");
    Ok(report)
}

fn number_after(report: &str, label: &str) -> Result<u64> {
    let (_, number) =
        report.split_once(label).with_context(|| format!("valgrind didn't report {label:?}: {report}"))?;
    let number = number.split_whitespace().next().unwrap_or_default().replace(',', "");
    number.parse().with_context(|| format!("{label:?} isn't followed by a number: {report}"))
}
