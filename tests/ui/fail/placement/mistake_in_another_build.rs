//! A mistake under a `#[cfg]` is told only in the builds that have the method.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GETT, "/messages", ok = 200)]
    #[cfg(not(all()))]
    async fn list(&self) -> Result<String>;

    #[endpoint(GETT, "/messages", ok = 200)]
    #[cfg(all())]
    async fn list(&self) -> Result<String>;
}

fn main() {}
