//! An argument in the path can't be written as text.
use courier_core::{Result, Transport, endpoint};

struct MessageId(u64);

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>/<part>", ok = 200)]
    async fn get(&self, id: &MessageId, part: Option<u8>) -> Result<String>;
}

fn main() {}
