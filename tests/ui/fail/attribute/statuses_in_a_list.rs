//! The statuses are an array.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = [200, 202])]
    async fn list(&self) -> Result<String>;
}

fn main() {}
