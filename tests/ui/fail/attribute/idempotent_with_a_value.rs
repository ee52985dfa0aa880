//! The flag is given a value.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(PUT, "/messages", ok = 200, idempotent = true)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
