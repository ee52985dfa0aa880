//! `crate` names a crate that does not exist.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, crate = "my_sdk::courier_core")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
