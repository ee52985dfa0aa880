//! `crate` is text that is no path.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, crate = "my sdk")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
