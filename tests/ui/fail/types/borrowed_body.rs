//! The success type borrows from the answer, which does not live that long.
use courier_core::{Result, Transport, endpoint};

trait Messages: Transport {
    #[endpoint(GET, "/messages/<id>", ok = 200)]
    async fn get<'a>(&'a self, id: &str) -> Result<&'a str>;
}

fn main() {}
