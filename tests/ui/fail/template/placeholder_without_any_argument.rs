//! A placeholder has no argument at all.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<message_id>/cancel", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
