//! A status is written without the name of its outcome.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200 | 202, 201)]
    async fn list(&self) -> Result<String>;

    #[endpoint(GET, "/docs", 200)]
    async fn docs(&self) -> Result<String>;

    #[endpoint(DELETE, "/docs", 404)]
    async fn delete(&self) -> Result<()>;
}

fn main() {}
