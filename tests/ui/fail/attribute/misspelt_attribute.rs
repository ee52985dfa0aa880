//! The attribute's own name is misspelt.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpont(GET, "/messages", ok = 200)]
    fn list(&self) -> Result<String>;
}

fn main() {}
