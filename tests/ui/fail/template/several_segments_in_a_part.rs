//! Several segments are asked for within one.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/files/v<path..>", ok = 200)]
    async fn get(&self, path: &str) -> Result<String>;
}

fn main() {}
