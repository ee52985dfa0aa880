//! A body can't be serialized.
use courier_core::{Result, Transport, endpoint};

struct Message;

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[body] message: &Message) -> Result<String>;
}

fn main() {}
