//! The statuses are a range.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200..=299)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
