//! With several outcomes the success type must be an enum.
use courier_core::{Result, Transport, endpoint};

struct Outcome;

trait Api: Transport {
    #[endpoint(POST, "/cancel", ok = 200, conflict = 409)]
    async fn cancel(&self) -> Result<Outcome>;
}

fn main() {}
