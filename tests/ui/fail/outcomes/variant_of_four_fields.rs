//! The outcome's variant has four fields.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String, u64, u64, u64),
}

trait Messages: Transport {
    #[endpoint(POST, "/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
