//! The method is quoted.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint("POST", "/messages", ok = 200)]
    async fn post(&self) -> Result<String>;
}

fn main() {}
