//! An argument has no name.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, _: &str) -> Result<String>;
}

fn main() {}
