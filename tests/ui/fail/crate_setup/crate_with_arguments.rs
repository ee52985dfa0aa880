//! The path to courier-core has arguments of types.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, crate = "crate::Vec<u8>")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
