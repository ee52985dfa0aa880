//! `header` and `crate` stand without what belongs to them.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, header, crate)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
