//! The name of a header has no quotes.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[header(Authorization)] key: &str) -> Result<String>;
}

fn main() {}
