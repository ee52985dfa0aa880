//! A list's style is misspelt.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?<ids:coma>", ok = 200)]
    async fn get(&self, ids: &[u32]) -> Result<String>;
}

fn main() {}
