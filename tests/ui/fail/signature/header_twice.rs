//! Two arguments are the same header.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[header("X-Key")] a: &str, #[header("x-key")] b: &str) -> Result<String>;
}

fn main() {}
