//! A placeholder is marked as optional, as in Express.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id?>", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
