//! A class of statuses is quoted.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = "2xx")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
