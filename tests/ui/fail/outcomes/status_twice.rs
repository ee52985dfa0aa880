//! A status means two outcomes.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200 | 202, conflict = 202)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
