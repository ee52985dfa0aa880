//! The template names an argument that has an attribute too.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get(&self, #[header("x-id")] id: &str) -> Result<String>;
}

fn main() {}
