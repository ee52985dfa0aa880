//! An argument's attribute is of another crate.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[serde(flatten)] message: &str) -> Result<String>;
}

fn main() {}
