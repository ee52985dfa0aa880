//! A comma stands between a fixed header's name and value.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("api-version", "2"))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
