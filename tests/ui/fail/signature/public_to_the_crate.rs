//! The method is `pub(crate)`.
use courier_core::{Result, Transport, endpoint};

trait Api: Transport {
    #[endpoint(POST, "/messages", ok = 200)]
    pub(crate) async fn post(&self) -> Result<String>;
}

fn main() {}
