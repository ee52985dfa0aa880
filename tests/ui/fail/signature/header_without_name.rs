//! A header argument has no name.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[header] key: &str) -> Result<String>;
}

fn main() {}
