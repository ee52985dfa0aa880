//! The attribute stands on an associated type.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    type List;
}

fn main() {}
