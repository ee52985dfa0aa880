//! A fixed header stands twice.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("x-key" = "1"), header("X-Key" = "2"))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
