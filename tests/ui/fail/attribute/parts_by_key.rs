//! Method and template are given by name, as other macros want it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(method = "GET", path = "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
