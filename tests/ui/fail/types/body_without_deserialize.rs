//! The body can't be decoded.
use courier_core::{Result, Transport, endpoint};

struct Message {
    id: String,
}

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, id: &str) -> Result<Message>;
}

fn main() {}
