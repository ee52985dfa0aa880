//! A header's name is a constant.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[header(IDEMPOTENCY_KEY)] key: &str) -> Result<String>;
}

fn main() {}
