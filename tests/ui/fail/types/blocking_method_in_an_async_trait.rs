//! A method that blocks stands in a trait of `async` ones.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> Result<String>;
}

fn main() {}
