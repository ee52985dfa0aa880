//! An outcome is written as the compiler proposes it where its name is misspelt.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, Conflict(/* String */) = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
