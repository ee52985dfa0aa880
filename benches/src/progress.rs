//! How far a program has come, on a terminal.

use std::io::{IsTerminal as _, stderr};

/// A line that says what is done now and how many steps are left. Nothing is printed unless the program has a terminal.
pub struct Progress {
    steps: usize,
    done: usize,
    terminal: bool,
}

impl Progress {
    #[must_use]
    pub fn new(steps: usize) -> Self {
        Self { steps, done: 0, terminal: stderr().is_terminal() }
    }

    /// Begins the next step.
    pub fn step(&mut self, what: &str) {
        self.done += 1;
        if self.terminal {
            // Over the last one.
            eprint!("\r\x1b[K[{}/{}] {what}", self.done, self.steps);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }
}
