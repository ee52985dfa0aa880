//! The attribute stands on a function that ends with a semicolon.
use courier_core::{Result, endpoint};

#[endpoint(GET, "/messages/<id>", ok = 200)]
async fn get(id: &str) -> Result<String>;

fn main() {}
