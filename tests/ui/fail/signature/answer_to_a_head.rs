//! The answer's type is read from a body that a HEAD never has.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(HEAD, "/messages", ok = 200)]
    async fn list(&self) -> Result<Vec<String>>;
}

fn main() {}
