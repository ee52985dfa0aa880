//! The network transport directly over hyper.

mod dial;
