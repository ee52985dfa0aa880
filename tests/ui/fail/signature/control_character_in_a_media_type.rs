//! A media type has control characters in it.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[raw("text/mark\tdown")] text: &str) -> Result<String>;

    #[endpoint(PUT, "/messages", ok = 200)]
    async fn put(&self, #[body("application/json;\u{7f}")] text: &str) -> Result<String>;
}

fn main() {}
