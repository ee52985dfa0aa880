//! A list's style is asked for in the path.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages/<id:comma>", ok = 200)]
    async fn get(&self, id: &str) -> Result<String>;
}

fn main() {}
