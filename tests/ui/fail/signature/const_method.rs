//! The method is `const`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    const fn send(&self) -> Result<String>;
}

fn main() {}
