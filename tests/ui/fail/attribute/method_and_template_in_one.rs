//! Method and template are one string.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint("GET /messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
