//! The attribute stands on an `impl` block.
use courier_core::endpoint;

struct Api;

#[endpoint(GET, "/messages", ok = 200)]
impl Api {}

fn main() {}
