//! A placeholder stands twice.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<message_id>/<message_id>", ok = 200)]
    async fn get(&self, message_id: &str) -> Result<String>;
}

fn main() {}
