//! An argument of the path is marked `#[path]`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, #[path] id: &str) -> Result<String>;
}

fn main() {}
