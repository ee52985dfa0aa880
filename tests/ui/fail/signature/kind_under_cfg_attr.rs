//! An argument is sent in another way in some builds.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[cfg_attr(debug_assertions, header("traceparent"))] trace: &str) -> Result<String>;
}

fn main() {}
