//! An outcome is written with a hyphen.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    NotFound,
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, not-found = 404)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
