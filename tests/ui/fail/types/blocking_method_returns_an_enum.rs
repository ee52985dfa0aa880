//! A blocking method returns the enum itself.
use courier_core::{endpoint, Transport};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Messages: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200, conflict = 409)]
    fn get(&self, id: &str) -> Outcome;
}

fn main() {}
