//! The method has the name of a method of its transport.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/base-url", ok = 200)]
    async fn base_url(&self) -> Result<String>;

    #[endpoint(POST, "/send", ok = 202)]
    async fn send(&self) -> Result<String>;
}

fn main() {}
