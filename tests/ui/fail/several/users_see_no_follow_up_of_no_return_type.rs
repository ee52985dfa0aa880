//! A mistake in a declaration makes no second error where the method is used: it returns nothing.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self);
}

impl<T: Transport> Api for T {}

async fn call(api: impl Api) {
    let _ = api.list().await;
}

fn main() {}
