//! The attribute stands on a function that ends with a semicolon, which could as well be a method that lacks its `&self`.
use courier_core::{Result, endpoint};

#[endpoint(GET, "/messages/<id>", ok = 200)]
async fn get(id: &str) -> Result<String>;

fn main() {}
