//! The flag is misspelt.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(PUT, "/messages", ok = 200, idempotant)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
