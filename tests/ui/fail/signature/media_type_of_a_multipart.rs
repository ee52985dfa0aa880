//! The media type of a multipart form is set by hand.
use courier_core::{Multipart, Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[header("Content-Type")] kind: &str, #[multipart] form: Multipart) -> Result<String>;
}

fn main() {}
