//! The attribute stands on a constant.
use courier_core::endpoint;

#[endpoint(GET, "/messages", ok = 200)]
const LIST: &str = "/messages";

fn main() {}
