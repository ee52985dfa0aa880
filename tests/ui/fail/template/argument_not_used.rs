//! An argument is not named in the template.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<message_id>", ok = 200)]
    async fn get(&self, message_id: &str, reason: &str) -> Result<String>;
}

fn main() {}
