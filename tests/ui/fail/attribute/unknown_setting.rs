//! A setting is one that the attribute does not have.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, timeout = "5s")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
