//! An argument is there in some builds only.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[cfg(debug_assertions)] #[header("traceparent")] trace: &str) -> Result<String>;
}

fn main() {}
