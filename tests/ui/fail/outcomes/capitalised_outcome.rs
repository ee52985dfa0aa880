//! An outcome is written as its variant.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", Ok = 200, conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
