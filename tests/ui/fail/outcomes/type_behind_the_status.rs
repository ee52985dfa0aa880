//! The type of the body stands behind the status.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200 -> String, conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
