//! A placeholder is written in the API's spelling.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<messageId>", ok = 200)]
    async fn get(&self, message_id: &str) -> Result<String>;
}

fn main() {}
