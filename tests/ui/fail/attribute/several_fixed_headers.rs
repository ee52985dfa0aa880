//! Fixed headers are put into one list.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, Headers["x-v" = "5", "x-w: 6"])]
    async fn list(&self) -> Result<String>;
}

fn main() {}
