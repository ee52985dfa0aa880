//! An argument's attribute is written with an equals sign.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    async fn post(&self, #[body = "application/json"] message: &str) -> Result<String>;
}

fn main() {}
