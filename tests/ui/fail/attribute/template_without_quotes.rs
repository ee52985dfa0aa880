//! The template has no quotes.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, /issues/<id>?<page>, ok = 200)]
    async fn get(&self, id: u64, page: u32) -> Result<String>;
}

fn main() {}
