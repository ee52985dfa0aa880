//! The enum has no variant of the outcome's name.
use courier_core::{Result, Transport, endpoint};

enum Outcome {
    Ok(String),
    Conflict(String),
}

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, too_late = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
