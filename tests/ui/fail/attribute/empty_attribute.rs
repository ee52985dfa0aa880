//! There is nothing in the attribute.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint]
    async fn list(&self) -> Result<String>;
}

fn main() {}
