//! A raw body has no media type.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[raw] text: &str) -> Result<String>;
}

fn main() {}
