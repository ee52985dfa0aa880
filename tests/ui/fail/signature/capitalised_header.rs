//! An argument's attribute has a capital.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[Header("Idempotency-Key")] key: &str) -> Result<String>;
}

fn main() {}
