//! Several fixed headers are put into one `headers`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, headers("api-version" = "2"))]
    async fn list(&self) -> Result<String>;
}

fn main() {}
