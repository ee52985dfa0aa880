//! A mistake in a declaration makes no second error where the method is used.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 2000)]
    async fn get(&self, id: &str) -> Result<String>;
}

impl<T: Transport> Api for T {}

async fn length(api: impl Api) -> Result<usize> {
    Ok(api.get("1").await?.len())
}

fn main() {}
