//! An argument is marked `#[json]`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[json] message: &str) -> Result<String>;
}

fn main() {}
