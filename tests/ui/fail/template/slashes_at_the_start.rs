//! The template starts with two slashes.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "//messages", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
