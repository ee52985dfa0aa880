//! The method is `const`, `unsafe` and `extern`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async unsafe extern "C" fn list(&self) -> Result<String>;
}

fn main() {}
