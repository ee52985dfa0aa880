//! `crate` is given twice.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, crate = "courier_core", crate = "courier_core")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
