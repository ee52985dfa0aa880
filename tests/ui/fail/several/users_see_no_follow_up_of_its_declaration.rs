//! A mistake in a declaration makes no second error where the method is used: its `Endpoint` is asked for.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 2000)]
    async fn list(&self) -> Result<String>;
}

impl<T: Transport> Api for T {}

fn template<A: Api>() -> &'static str {
    A::list_endpoint().template()
}

fn main() {}
