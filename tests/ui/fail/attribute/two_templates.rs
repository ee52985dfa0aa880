//! There are two templates.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", "/mail", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
