//! The query begins twice.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?limit=50?sort=asc", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
