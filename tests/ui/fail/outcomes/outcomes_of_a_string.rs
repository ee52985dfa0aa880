//! Several outcomes have one body's type.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200, not_found = 404)]
    async fn find(&self, id: &str) -> Result<String>;
}

fn main() {}
