//! An outcome is written as the path of its variant.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, Outcome::Conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
