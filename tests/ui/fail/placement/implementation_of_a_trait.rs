//! The attribute stands in the implementation of a trait.
use courier_core::{Result, endpoint};

trait Api {
    fn list(&self) -> Result<String>;
}

impl Api for () {
    #[endpoint(GET, "/messages", ok = 200)]
    fn list(&self) -> Result<String> {
        todo!()
    }
}

fn main() {}
