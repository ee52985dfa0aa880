//! A method has the name of another one's declaration.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn get(&self) -> Result<String>;

    #[endpoint(GET, "/endpoint", ok = 200)]
    async fn get_endpoint(&self) -> Result<String>;
}

fn main() {}
