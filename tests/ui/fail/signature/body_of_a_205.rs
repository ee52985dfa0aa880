//! The answer with status 205 is read as a text.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(PUT, "/form", ok = 205)]
    async fn reset(&self) -> Result<String>;
}

fn main() {}
