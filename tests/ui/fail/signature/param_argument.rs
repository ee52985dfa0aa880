//! An argument that the template does not name is marked `#[param]`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn list(&self, #[param] limit: u32) -> Result<String>;
}

fn main() {}
