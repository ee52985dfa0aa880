//! The template has an encoded backslash.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages%5call", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
