//! A fixed header stands in one string, as on the wire.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("X-GitHub-Api-Version: 2022-11-28"))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
