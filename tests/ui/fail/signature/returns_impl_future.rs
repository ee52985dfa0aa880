//! The method returns a future.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> impl Future<Output = String>;
}

fn main() {}
