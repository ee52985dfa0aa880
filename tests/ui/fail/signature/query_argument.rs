//! An argument is a query, which is not supported yet.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[query] filter: &str) -> Result<String>;
}

fn main() {}
