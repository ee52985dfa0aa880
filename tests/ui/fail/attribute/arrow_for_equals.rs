//! An arrow stands between outcome and status, as in a `match`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok => 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
