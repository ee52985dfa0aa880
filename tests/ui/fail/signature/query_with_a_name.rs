//! `#[query]` is given a name, which belongs into the template.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[query("limit")] limit: u32) -> Result<String>;
}

fn main() {}
