//! The outcome's name is misspelt.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, conflcit = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
