//! A placeholder is empty.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<>/cancel", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
