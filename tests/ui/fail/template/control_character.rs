//! The template has a control character in it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages\n", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
