//! A fixed header's value has a space at its end, which doesn't arrive.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("api-version" = "2 "))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
