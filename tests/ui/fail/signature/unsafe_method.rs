//! The method is `unsafe`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async unsafe fn send(&self) -> Result<String>;
}

fn main() {}
