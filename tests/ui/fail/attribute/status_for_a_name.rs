//! The word `status` stands in place of the outcome's name.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", status = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
