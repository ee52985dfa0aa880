//! A status stands twice in one outcome.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200 | 200, conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
