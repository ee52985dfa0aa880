//! `crate` is not a path.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, crate = 1)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
