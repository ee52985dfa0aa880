//! A header's name is given by a key.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[header(name = "Idempotency-Key")] key: &str) -> Result<String>;
}

fn main() {}
