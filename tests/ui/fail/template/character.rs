//! The template has characters that a URL can't have.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/all messages/ü|%zz", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
