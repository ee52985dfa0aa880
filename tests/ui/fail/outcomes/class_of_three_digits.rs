//! A class of statuses is written with three digits.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 999xx)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
