//! Two outcomes have the same name.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, ok = 202)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
