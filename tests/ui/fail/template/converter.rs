//! A placeholder has a converter, as in Flask.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<int:id>", ok = 200)]
    async fn get(&self, id: u64) -> Result<String>;
}

fn main() {}
