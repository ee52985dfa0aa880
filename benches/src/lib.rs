//! What the programs in `bin` share: how something is measured, and how the result is printed.

pub mod measure;
pub mod table;
