//! The key of a placeholder is percent-encoded.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?filter%5Bstatus%5D=<status>", ok = 200)]
    async fn get(&self, status: &str) -> Result<String>;
}

fn main() {}
