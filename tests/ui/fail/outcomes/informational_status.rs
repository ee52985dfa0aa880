//! An informational status is no answer.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, conflict = 1xx)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
