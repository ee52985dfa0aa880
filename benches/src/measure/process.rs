//! What a piece of work costs the process that does it: time, processor time and memory.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What a piece of work cost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Cost {
    /// Seconds on the clock.
    pub seconds: f64,
    /// Seconds that the process was running, in its own code and in the kernel.
    pub cpu_seconds: f64,
    /// The most memory that the process had at once, in bytes: the code, the runtime and the client included.
    pub peak: u64,
}

/// Measures a piece of work in this process, which should have done nothing else before.
///
/// # Errors
///
/// Returns the error of the work, or of reading Linux's `/proc`.
pub fn measure<T>(work: impl FnOnce() -> Result<T>) -> Result<(T, Cost)> {
    // The peak begins at what is in use now.
    std::fs::write("/proc/self/clear_refs", "5").context("can't reset the peak memory: this needs Linux")?;
    let (before, start) = (cpu_time(), Instant::now());
    let value = work()?;
    let (seconds, cpu) = (start.elapsed().as_secs_f64(), cpu_time().saturating_sub(before));
    Ok((value, Cost { seconds, cpu_seconds: cpu.as_secs_f64(), peak: peak()? }))
}

/// Runs this program with other arguments, and returns what it prints as JSON.
///
/// # Errors
///
/// Returns an error if the process fails, or prints something else.
pub fn run<T: DeserializeOwned>(arguments: &[&str]) -> Result<T> {
    let Output { status, stdout, stderr } = Command::new(std::env::current_exe()?).args(arguments).output()?;
    ensure!(status.success(), "{arguments:?} failed: {}", String::from_utf8_lossy(&stderr));
    serde_json::from_slice(&stdout).with_context(|| format!("{arguments:?} printed no result"))
}

/// Lets this process open so many files in addition to a few.
///
/// # Errors
///
/// Returns an error if the system doesn't allow that many.
pub fn allow_files(files: u64) -> Result<()> {
    let (limit, files) = (getrlimit(Resource::Nofile), files + 100);
    if limit.current.is_some_and(|current| current < files) {
        setrlimit(Resource::Nofile, Rlimit { current: Some(files), ..limit })
            .with_context(|| format!("can't open {files} files at once"))?;
    }
    Ok(())
}

/// The time that all threads of this process were running.
fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).expect("a process starts at zero")
}

/// The memory in use now that is of no file, in bytes: the heap and the stacks, but not the code, of which more is read when it first runs.
///
/// # Errors
///
/// Returns an error if Linux's `/proc` can't be read.
pub fn memory() -> Result<u64> {
    status("RssAnon:")
}

fn peak() -> Result<u64> {
    status("VmHWM:")
}

/// A size in bytes that Linux shows in the status of this process.
fn status(name: &str) -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let size = status.lines().find_map(|line| line.strip_prefix(name)?.trim().strip_suffix(" kB"));
    let size = size.with_context(|| format!("/proc/self/status has no {name}"))?;
    Ok(size.parse::<u64>()? * 1024)
}

/// Runs a command, and returns the CPU seconds of its process and of all those that it started and waited for, and its output.
///
/// # Errors
///
/// Returns an error if the command can't be run.
pub fn cpu_seconds_of(command: &mut Command) -> Result<(f64, Output)> {
    let before = cpu_seconds_of_children()?;
    let output = command.output()?;
    Ok((cpu_seconds_of_children()? - before, output))
}

fn cpu_seconds_of_children() -> Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let times = [usage.user_time(), usage.system_time()];
    #[expect(clippy::cast_precision_loss, reason = "microseconds of at most some hours")]
    Ok(times.iter().map(|time| time.num_microseconds() as f64 / 1e6).sum())
}
