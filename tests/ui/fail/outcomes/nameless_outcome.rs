//! An outcome has a name that no variant can have.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    NotFound,
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, _404 = 404)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
