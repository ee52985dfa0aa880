//! The attribute stands on a struct.
use courier_core::endpoint;

#[endpoint(GET, "/messages", ok = 200)]
struct Messages;

fn main() {}
