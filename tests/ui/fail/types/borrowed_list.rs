//! The success type borrows a list.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<&'static [String]>;
}

fn main() {}
