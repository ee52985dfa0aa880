//! A raw body is neither bytes nor text.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[raw("text/plain")] length: u64) -> Result<String>;
}

fn main() {}
