//! The method has no `&self`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list() -> Result<String>;
}

fn main() {}
