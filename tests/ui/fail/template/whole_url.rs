//! The template is a whole URL.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "https://api.courier.com/messages", ok = 200)]
    async fn get(&self) -> Result<String>;
}

fn main() {}
