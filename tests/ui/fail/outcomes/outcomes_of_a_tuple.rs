//! Several outcomes are to build a tuple, or nothing.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(DELETE, "/thing", ok = 204, not_found = 404)]
    async fn delete(&self) -> Result<()>;

    #[endpoint(GET, "/thing", ok = 200, not_found = 404)]
    async fn get(&self) -> Result<(String, u8)>;
}

fn main() {}
