//! The method is `extern`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    extern "C" fn post(&self) -> Result<String>;
}

fn main() {}
