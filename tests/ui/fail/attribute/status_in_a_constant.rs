//! The status is a constant.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = StatusCode::OK)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
