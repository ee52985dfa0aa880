//! A setting of the transport or the call is in the declaration.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, timeout = 5)]
    async fn timeout(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, timeout = "5s")]
    async fn timeout_as_text(&self) -> Result<String>;

    #[endpoint(GET, "/messages", retries = 3)]
    async fn retries(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, retry)]
    async fn retry_as_a_flag(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, timeout(5))]
    async fn timeout_in_brackets(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, base_url = "https://api.courier.com")]
    async fn base_url_as_text(&self) -> Result<String>;
}

fn main() {}
