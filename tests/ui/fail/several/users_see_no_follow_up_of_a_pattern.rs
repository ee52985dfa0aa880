//! A mistake in a declaration makes no second error where the method is used: an argument is a pattern.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, (id, _): (&str, u8)) -> Result<String>;
}

impl<T: Transport> Api for T {}

async fn length(api: impl Api) -> Result<usize> {
    Ok(api.get(("1", 2)).await?.len())
}

fn main() {}
