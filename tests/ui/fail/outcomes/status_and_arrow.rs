//! Statuses and outcomes are written as in a `match`.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", 200 => ok, 409 => conflict)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
