//! The method with two outcomes returns the enum, not a `Result` of it.
use courier_core::{Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200, conflict = 409)]
    async fn get(&self, id: &str) -> Outcome;
}

fn main() {}
