//! Server-sent events.

mod parser;
