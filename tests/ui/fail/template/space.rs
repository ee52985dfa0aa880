//! The template has a space in it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/all messages", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
