//! A fixed header has no value.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("api-version"))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
