//! The method is written in small letters.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(post, "/messages", ok = 200)]
    async fn post(&self) -> Result<String>;
}

fn main() {}
