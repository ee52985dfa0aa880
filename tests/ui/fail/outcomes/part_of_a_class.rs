//! A class has two digits.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 2xx, conflict = 40x)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
