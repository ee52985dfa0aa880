//! A call that nobody awaits is warned of, and so is an answer that nobody reads.
#![deny(unused_must_use)]

use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    #[must_use = "it is expensive"]
    async fn list(&self) -> Result<String>;
}

async fn call(api: impl Api) {
    api.list();
    api.list().await;
}

fn main() {}
