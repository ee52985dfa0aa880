//! A header frames the message.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[header("Content-Length")] length: usize) -> Result<String>;
}

fn main() {}
