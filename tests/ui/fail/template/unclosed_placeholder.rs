//! A placeholder is not closed.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<message_id/cancel", ok = 200)]
    async fn get(&self, message_id: &str) -> Result<String>;
}

fn main() {}
