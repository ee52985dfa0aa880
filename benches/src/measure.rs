//! Measuring: what a program costs.

pub mod valgrind;
