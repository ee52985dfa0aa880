//! A method has two bodies.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[body] message: &str, #[form] options: &str) -> Result<String>;
}

fn main() {}
