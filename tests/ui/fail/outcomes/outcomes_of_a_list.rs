//! Several outcomes are declared, and the success type is a list.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, not_found = 404)]
    async fn list(&self) -> Result<Vec<String>>;
}

fn main() {}
