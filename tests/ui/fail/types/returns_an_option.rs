//! The method with two outcomes returns an `Option`, not a `Result` of one.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", some = 200, none = 404)]
    async fn list(&self) -> Option<String>;
}

fn main() {}
