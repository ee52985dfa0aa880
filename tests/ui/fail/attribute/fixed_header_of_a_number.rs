//! A fixed header's value is a number.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header("x-v" = 5))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
