//! The answer's type is read from a body that is never there.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(DELETE, "/messages/<id>", ok = 204)]
    async fn delete(&self, id: &str) -> Result<String>;
}

fn main() {}
