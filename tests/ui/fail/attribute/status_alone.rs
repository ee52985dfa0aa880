//! A second status of an outcome stands behind a comma.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, 201)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
