//! The variant has two fields.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String, u64),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
