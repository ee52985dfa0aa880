//! An outcome is written as a constant.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    NotFound,
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, NOT_FOUND = 404)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
