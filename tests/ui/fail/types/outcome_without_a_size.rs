//! The method returns types without a size.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/text", ok = 200)]
    async fn text(&self) -> Result<str>;

    #[endpoint(GET, "/bytes", ok = 200)]
    async fn bytes(&self) -> Result<[u8]>;

    #[endpoint(GET, "/any", ok = 200)]
    async fn any(&self) -> Result<dyn std::fmt::Debug>;

    #[endpoint(GET, "/blocking", ok = 200)]
    fn blocking(&self) -> Result<str>;
}

fn main() {}
