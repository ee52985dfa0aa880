//! A status is none, or none of an answer.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 20, conflict = 600)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
