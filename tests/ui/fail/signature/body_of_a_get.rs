//! A GET has a body.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[body] filter: &str) -> Result<String>;
}

fn main() {}
