//! The method returns `()`.
use courier_core::{Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self) -> ();
}

fn main() {}
