//! Several segments are written with an asterisk, as in Express.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/files/*path", ok = 200)]
    async fn get(&self, path: &str) -> Result<String>;
}

fn main() {}
