//! A mistake in a declaration makes no second error where the method is used: it blocks.
use courier_core::{Result, endpoint, Transport};

trait Api: Transport {
    #[endpoint(GET, "/messages/<ids>", ok = 200)]
    fn get(&self, id: &str) -> Result<String>;
}

impl<T: Transport> Api for T {}

fn length(api: impl Api) -> Result<usize> {
    Ok(api.get("1")?.len())
}

fn main() {}
