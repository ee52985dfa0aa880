//! The attribute stands on a static.
use courier_core::endpoint;

#[endpoint(GET, "/messages", ok = 200)]
static LIST: &str = "/messages";

fn main() {}
