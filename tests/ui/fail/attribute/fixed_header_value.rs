//! A fixed header's value has a line end in it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("api-version" = "2\r\n"))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
