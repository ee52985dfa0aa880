//! The method is `unsafe`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async unsafe fn post(&self) -> Result<String>;
}

fn main() {}
