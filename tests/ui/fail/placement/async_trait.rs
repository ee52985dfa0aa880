//! The trait is under `#[async_trait]`, which rewrites its methods first.
use async_trait::async_trait;
use courier_core::{Result, Transport, endpoint};

#[async_trait]
trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String>;
}

fn main() {}
