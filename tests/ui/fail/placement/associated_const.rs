//! The attribute stands on an associated constant.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    const LIST: &'static str;
}

fn main() {}
