//! A status is a constant of the user's.
use courier_core::{Result, Transport, endpoint};

const FOUND: u16 = 200;

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = FOUND)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
