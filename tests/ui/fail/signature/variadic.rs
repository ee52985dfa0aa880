//! The method takes any number of arguments.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self, arguments: ...) -> Result<String>;
}

fn main() {}
