//! The query stands before the path's end.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?<cursor>/<id>", ok = 200)]
    async fn get(&self, cursor: &str, id: &str) -> Result<String>;
}

fn main() {}
