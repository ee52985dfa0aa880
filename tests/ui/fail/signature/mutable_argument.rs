//! An argument is `mut`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, mut id: &str) -> Result<String>;
}

fn main() {}
