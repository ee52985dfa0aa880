//! A class is one that no status is in.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 2xx, conflict = 9xx)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
