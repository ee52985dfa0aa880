//! The method returns the body, not a `Result`.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> String;
}

fn main() {}
