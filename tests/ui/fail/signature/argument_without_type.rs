//! An argument's type is missing.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id) -> Result<String>;
}

fn main() {}
