//! A mistake in a declaration makes no second error where the method is used: an argument is `impl Trait`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<ids>", ok = 200)]
    async fn get(&self, id: impl std::fmt::Display) -> Result<String>;
}

impl<T: Transport> Api for T {}

async fn length(api: impl Api) -> Result<usize> {
    Ok(api.get("1").await?.len())
}

fn main() {}
