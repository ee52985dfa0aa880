//! An argument is a body, which is not supported yet.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn send(&self, #[body] message: &str) -> Result<String>;
}

fn main() {}
