//! The attribute stands on a public method without a body in an `impl` block.
use courier_core::{Result, endpoint};

struct Client;

impl Client {
    #[endpoint(GET, "/messages", ok = 200)]
    pub async fn list(&self) -> Result<String>;
}

fn main() {}
