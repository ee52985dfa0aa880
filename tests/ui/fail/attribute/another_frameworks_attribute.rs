//! The attribute is one of a web framework.
use courier_core::{Result, Transport};

trait Api: Transport {
    #[get("/messages")]
    async fn list(&self) -> Result<String>;
}

fn main() {}
