//! A variant has a field, and its status has no body.
use courier_core::{Result, Transport, endpoint};
use serde::Deserialize;

#[derive(Deserialize)]
struct Message {
    id: String,
}

enum Outcome {
    Ok(Message),
    Unchanged(Message),
    NotFound,
}

trait Api: Transport {
    #[endpoint(PUT, "/messages/<id>", ok = 200 | 204, unchanged = 304, not_found = 404)]
    async fn update(&self, id: &str) -> Result<Outcome>;
}

fn main() {}
