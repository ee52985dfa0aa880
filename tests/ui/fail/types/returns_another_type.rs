//! The method returns a type of the user's own that is no `Result`.
use courier_core::{Transport, endpoint};

struct Message;

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id: &str) -> Message;
}

fn main() {}
