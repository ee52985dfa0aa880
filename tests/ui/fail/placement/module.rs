//! The attribute stands on a module.
use courier_core::endpoint;

#[endpoint(GET, "/messages", ok = 200)]
mod messages {}

fn main() {}
