//! What the programs in `bin` share: a server, how something is measured, and how the result is printed.

pub mod measure;
pub mod progress;
pub mod server;
pub mod table;
