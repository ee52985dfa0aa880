//! The comma behind the template is missing.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages" ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
