//! The argument is the extractor of a path's value, as a server's handler has it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, axum::extract::Path(id): axum::extract::Path<u64>) -> Result<String>;
}

fn main() {}
