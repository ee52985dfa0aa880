//! Two arguments have the same name.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id: &str, id: u8) -> Result<String>;
}

fn main() {}
