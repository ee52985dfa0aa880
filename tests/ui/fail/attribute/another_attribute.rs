//! The attribute is misspelt, or a web framework's.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpont(GET, "/messages", ok = 200)]
    fn list(&self) -> Result<String>;

    #[get("/messages")]
    fn get(&self) -> Result<String>;
}

fn main() {}
