//! Two mistakes with commas, told at their places.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET "/messages", , ok = 200 idempotent)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
