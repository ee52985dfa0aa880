//! The status stands before the outcome.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", 200 = ok)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
