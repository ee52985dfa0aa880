//! An argument has two attributes.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[body] #[form] message: &str) -> Result<String>;
}

fn main() {}
