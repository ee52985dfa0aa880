//! A class holds a status that means another outcome.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 2xx, conflict = 204)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
