//! A mistake in a declaration makes no second error where the method is used: it has two `#[endpoint]`s.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    #[endpoint(GET, "/mail", ok = 200)]
    async fn list(&self) -> Result<String>;
}

impl<T: Transport> Api for T {}

async fn length(api: impl Api) -> Result<usize> {
    Ok(api.list().await?.len())
}

fn main() {}
