//! An outcome is written in camelCase.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    NotFound,
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, notFound = 404)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
