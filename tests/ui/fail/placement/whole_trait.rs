//! The attribute stands on the trait.
use courier_core::{Transport, endpoint};

#[endpoint(GET, "/messages", ok = 200)]
trait Api: Transport {
    fn list(&self);
}

fn main() {}
