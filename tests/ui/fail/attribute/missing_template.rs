//! The template is missing.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
