//! A multipart body is no `Multipart`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[multipart] form: &str) -> Result<String>;
}

fn main() {}
