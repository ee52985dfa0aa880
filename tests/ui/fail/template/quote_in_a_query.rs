//! A query has a character that a URL parser encodes.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?filter=name='x'", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
