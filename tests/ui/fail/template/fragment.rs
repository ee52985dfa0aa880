//! The template has a fragment.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages#top", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
