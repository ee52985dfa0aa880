//! A header can't be written as text.
use courier_core::{Result, Transport, endpoint};

struct Key;

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[header("x-key")] key: Key, #[header("x-keys")] keys: Option<Vec<u8>>) -> Result<String>;
}

fn main() {}
