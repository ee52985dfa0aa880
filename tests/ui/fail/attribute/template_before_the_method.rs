//! Template and method are the wrong way round.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint("/messages", GET, ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
