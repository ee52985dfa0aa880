//! A mistake in a declaration makes no second error where the method is used: an argument's attribute is unknown.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn create(&self, #[json] message: &str) -> Result<String>;
}

impl<T: Transport> Api for T {}

async fn length(api: impl Api) -> Result<usize> {
    Ok(api.create("Hello").await?.len())
}

fn main() {}
