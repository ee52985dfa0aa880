//! A path has the slashes of a URL in it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/proxy/https://example.com", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
