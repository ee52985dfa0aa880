//! A placeholder of the query is written with a colon.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?id=:id", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
