//! The status stands in brackets behind the outcome.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok(200))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
