//! The method is misspelt.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GETT, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
