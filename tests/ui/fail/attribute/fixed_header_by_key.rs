//! A fixed header is written as a setting.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header = "api-version: 2")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
