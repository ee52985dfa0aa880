//! A placeholder of the query is written in braces.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?id={id}", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
