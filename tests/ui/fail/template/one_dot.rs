//! The template has a segment that URL parsers drop.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/./messages", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
