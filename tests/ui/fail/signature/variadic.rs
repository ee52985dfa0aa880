//! The method takes any number of arguments.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    fn post(&self, arguments: ...) -> Result<String>;
}

fn main() {}
