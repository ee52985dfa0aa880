//! The status behind the equals sign is missing.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = )]
    async fn list(&self) -> Result<String>;
}

fn main() {}
