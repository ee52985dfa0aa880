//! The attribute is not imported.
use courier_core::{Result, Transport};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> Result<String>;
}

fn main() {}
