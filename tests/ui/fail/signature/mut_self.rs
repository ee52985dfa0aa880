//! The method takes `&mut self`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&mut self) -> Result<String>;
}

fn main() {}
