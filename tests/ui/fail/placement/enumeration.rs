//! The attribute stands on an enum.
use courier_core::endpoint;

#[endpoint(GET, "/messages", ok = 200)]
enum Outcome {
    Ok,
}

fn main() {}
