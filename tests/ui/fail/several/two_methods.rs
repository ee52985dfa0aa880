//! Each of two declarations has a mistake of its own.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(get, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;

    #[endpoint(GET, "/messages/{id}", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
