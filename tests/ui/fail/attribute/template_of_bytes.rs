//! The template is a byte string.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, b"/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
