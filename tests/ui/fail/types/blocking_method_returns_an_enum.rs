//! A blocking method returns the enum itself.
use courier_core::{blocking, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Messages: blocking::Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200, conflict = 409)]
    fn get(&self, id: &str) -> Outcome;
}

fn main() {}
