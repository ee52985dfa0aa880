//! The template is a whole URL without a path.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "https://api.courier.com", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
