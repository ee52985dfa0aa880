//! A HEAD has a body.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(HEAD, "/messages", ok = 200)]
    async fn list(&self, #[form] filter: &str) -> Result<()>;
}

fn main() {}
