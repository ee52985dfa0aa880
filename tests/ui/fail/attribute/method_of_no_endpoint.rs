//! The method is one that no endpoint can have.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(CONNECT, "/messages", ok = 200)]
    async fn connect(&self) -> Result<String>;
}

fn main() {}
