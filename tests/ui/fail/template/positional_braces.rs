//! A placeholder is written as in `format!`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/{}", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
