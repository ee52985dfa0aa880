//! Measuring what a program costs.

pub mod process;
pub mod series;
pub mod valgrind;
