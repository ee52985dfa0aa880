//! The method is `pub`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    pub async fn send(&self) -> Result<String>;
}

fn main() {}
