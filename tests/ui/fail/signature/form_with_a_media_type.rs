//! A form is given a media type, which it always has.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[form("text/plain")] form: &str) -> Result<String>;
}

fn main() {}
