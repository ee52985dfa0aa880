//! Several segments are written in braces, as in axum.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/files/{*path}", ok = 200)]
    async fn get(&self, path: &str) -> Result<String>;
}

fn main() {}
