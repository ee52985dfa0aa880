//! A placeholder of the query has no argument.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages?<curser>", ok = 200)]
    async fn get(&self, cursor: Option<&str>) -> Result<String>;
}

fn main() {}
