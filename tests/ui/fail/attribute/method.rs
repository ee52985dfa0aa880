//! The HTTP method is misspelt, quoted, or not one of an endpoint's.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(post, "/messages", ok = 200)]
    async fn lowercase(&self) -> Result<String>;

    #[endpoint(GETT, "/messages", ok = 200)]
    async fn misspelt(&self) -> Result<String>;

    #[endpoint(CONNECT, "/messages", ok = 200)]
    async fn unknown(&self) -> Result<String>;

    #[endpoint("POST", "/messages", ok = 200)]
    async fn quoted(&self) -> Result<String>;

    #[endpoint(http::Method::GET, "/messages", ok = 200)]
    async fn path(&self) -> Result<String>;
}

fn main() {}
