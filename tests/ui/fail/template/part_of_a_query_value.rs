//! A placeholder is a part of a query's value.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?status=is-<status>", ok = 200)]
    async fn get(&self, status: &str) -> Result<String>;
}

fn main() {}
