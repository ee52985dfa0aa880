//! The method is `pub`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    pub async fn post(&self) -> Result<String>;
}

fn main() {}
