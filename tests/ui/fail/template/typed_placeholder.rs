//! A placeholder is given a type.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id: u64>", ok = 200)]
    async fn get(&self, id: u64) -> Result<String>;
}

fn main() {}
