//! A header's name has a space in it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[header("Idempotency Key")] key: &str) -> Result<String>;
}

fn main() {}
