//! An argument's attribute is misspelt.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[qeury] filter: &str) -> Result<String>;
}

fn main() {}
