//! A mistake in a declaration makes no second error where the method is used: the trait stays dyn-compatible.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<ids>", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

impl<T: Transport> Api for T {}

async fn length(api: &dyn Api) -> Result<usize> {
    Ok(api.get("1").await?.len())
}

fn main() {}
