//! A pair of the query has no key.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?=<id>", ok = 200)]
    async fn get(&self, id: u64) -> Result<String>;
}

fn main() {}
