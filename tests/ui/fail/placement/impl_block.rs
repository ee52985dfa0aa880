//! The attribute stands in an `impl` block.
use courier_core::{Result, endpoint};

struct Api;

impl Api {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self) -> Result<String> {
        todo!()
    }
}

fn main() {}
