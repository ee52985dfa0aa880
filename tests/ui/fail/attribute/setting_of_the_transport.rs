//! What the transport or the call sets is written in the declaration.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, timeout = 5)]
    async fn list(&self) -> Result<String>;

    #[endpoint(GET, "/messages/<id>", retries = 3)]
    async fn get(&self, id: &str) -> Result<String>;

    #[endpoint(GET, "/templates", ok = 200, base_url = "https://api.courier.com")]
    async fn templates(&self) -> Result<String>;
}

fn main() {}
