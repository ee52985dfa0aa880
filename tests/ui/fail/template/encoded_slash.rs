//! The template has an encoded slash.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages%2Fcancel", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
