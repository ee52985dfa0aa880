//! The method is missing.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint("/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
