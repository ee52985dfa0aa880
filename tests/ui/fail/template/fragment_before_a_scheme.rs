//! A fragment stands before what looks like a scheme.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "a#b://c", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
