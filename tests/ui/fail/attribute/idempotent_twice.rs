//! The flag is given twice.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(PUT, "/messages", ok = 200, idempotent, idempotent)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
