//! A method has the name that another one's declaration has: the compiler sees both, the attribute only one at a time.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200)]
    async fn get(&self) -> Result<String>;

    #[endpoint(GET, "/endpoint", ok = 200)]
    async fn get_endpoint(&self) -> Result<String>;
}

fn main() {}
