//! The success type has no variants, or not these.
use courier_core::{Result, Transport, WithResponse, endpoint};

trait Api: Transport {
    #[endpoint(GET, "/messages", ok = 200, not_found = 404)]
    async fn string(&self) -> Result<String>;

    #[endpoint(GET, "/messages", ok = 200, not_found = 404)]
    async fn list(&self) -> Result<Vec<String>>;

    #[endpoint(GET, "/messages", ok = 200, not_found = 404)]
    async fn tuple(&self) -> Result<(String, u8)>;

    #[endpoint(GET, "/messages", ok = 200, not_found = 404)]
    async fn option(&self) -> Result<Option<String>>;

    #[endpoint(GET, "/messages", ok = 200, not_found = 404)]
    async fn result(&self) -> Result<std::result::Result<String, u8>>;

    #[endpoint(GET, "/messages", some = 200, none = 404)]
    async fn with_response(&self) -> Result<WithResponse<Option<String>>>;
}

fn main() {}
