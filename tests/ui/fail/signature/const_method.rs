//! The method is `const`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    const fn post(&self) -> Result<String>;
}

fn main() {}
