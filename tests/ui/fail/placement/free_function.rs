//! The attribute stands on a function.
use courier_core::{Result, endpoint};

#[endpoint(GET, "/messages/<id>", ok = 200)]
async fn get(id: &str) -> Result<String> {
    todo!("{id}")
}

fn main() {}
