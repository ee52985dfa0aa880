//! The last method of a trait has no semicolon.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<Vec<String>>
}

fn main() {}
