//! A placeholder is `self`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<self>", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
