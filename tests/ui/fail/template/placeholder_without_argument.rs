//! A placeholder and its argument differ by a typing mistake.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<mesage_id>/cancel", ok = 200)]
    async fn get(&self, message_id: &str) -> Result<String>;
}

fn main() {}
